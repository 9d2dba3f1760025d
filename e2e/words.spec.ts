import { expect, test, type Page } from '@playwright/test';
import { createSpace, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'مرفأ';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Enter as an input method gives it: while it composes, and as Safari does right after. */
const pressComposingEnter = (page: Page) =>
  page.evaluate(() => {
    const target = document.activeElement;
    const how = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true };
    const during = new KeyboardEvent('keydown', { ...how, isComposing: true });
    const after = new KeyboardEvent('keydown', { ...how, keyCode: 229 });
    return [during, after].map((event) => target?.dispatchEvent(event)).join();
  });

test('a composing Enter acts nowhere: search, Ask, entries, forms', async ({ browser }) => {
  const { page } = await signUp(browser, server.url, 'Ben');
  await createSpace(page, SPACE);
  await page.getByRole('navigation', { name: 'Space' }).getByRole('link', { name: 'FAQs' }).click();
  await page.getByRole('link', { name: 'New FAQ' }).first().click();
  const form = page.getByRole('form', { name: 'New FAQ' });
  await form.getByLabel('Question').fill('なぜ');
  await pressComposingEnter(page);
  await expect(form.getByLabel('Question')).toHaveValue('なぜ');
  await form.getByLabel('Answer', { exact: true }).fill('なぜなら');
  await pressComposingEnter(page);
  await expect(form.getByRole('button', { name: 'Create FAQ' })).toBeVisible();
  expect(page.url()).toContain('/new');

  await page.goto(`${server.url}/ask`);
  await page.getByLabel('Your question').fill('どこですか');
  await pressComposingEnter(page);
  expect(page.url()).not.toContain('q=');

  await page.keyboard.press('ControlOrMeta+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  await dialog.getByLabel('Search messages, documents, FAQs and decisions').fill(SPACE);
  await expect(dialog.getByRole('option').first()).toBeVisible();
  const before = page.url();
  await pressComposingEnter(page);
  await expect(dialog).toBeVisible();
  expect(page.url()).toBe(before);
});
