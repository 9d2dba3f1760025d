import { expect, test, type Page } from '@playwright/test';
import { createSpace, messages, say, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'مرفأ';
const ARABIC = 'مرحبا بالجميع، سننشر التحديث (الإصدار 2.0) غدا!';
const HEBREW = 'שלום עולם, הגרסה `v2` מוכנה!';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const composer = (page: Page) => page.getByRole('textbox', { name: `Message ${SPACE}` });

/** Enter as an input method gives it: while it composes, and as Safari does right after. */
const pressComposingEnter = (page: Page) =>
  page.evaluate(() => {
    const target = document.activeElement;
    const how = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true };
    const during = new KeyboardEvent('keydown', { ...how, isComposing: true });
    const after = new KeyboardEvent('keydown', { ...how, keyCode: 229 });
    return [during, after].map((event) => target?.dispatchEvent(event)).join();
  });

const directionOf = (page: Page, selector: string, text: string) =>
  page
    .locator(selector, { hasText: text })
    .last()
    .evaluate((element) => getComputedStyle(element).direction);

test('words of every script: keys of input methods, directions, quotes, blanks, copies', async ({
  browser,
}) => {
  const { page } = await signUp(browser, server.url, 'Ada');
  await createSpace(page, SPACE);

  await composer(page).fill('にほん');
  // Nothing acts on it, nor is the input method's own use of it prevented.
  expect(await pressComposingEnter(page)).toBe('true,true');
  await expect(composer(page)).toHaveValue('にほん');
  await composer(page).press('Enter');
  await expect(messages(page, SPACE).getByText('にほん')).toHaveCount(1);

  await say(page, SPACE, ARABIC);
  await composer(page).fill(HEBREW);
  expect(await composer(page).evaluate((box) => getComputedStyle(box).direction)).toBe('rtl');
  await composer(page).press('Enter');
  expect(await directionOf(page, 'article p', 'מוכנה')).toBe('rtl');
  expect(await directionOf(page, 'article p', 'الإصدار')).toBe('rtl');
  expect(await directionOf(page, 'article p', 'にほん')).toBe('ltr');
  expect(await directionOf(page, 'h1 span', SPACE)).toBe('rtl');

  await composer(page).fill('> Ready?\nYes, since noon.');
  await composer(page).press('Enter');
  const answer = messages(page, SPACE).getByRole('article').last();
  await expect(answer.locator('blockquote')).toHaveText('Ready?');
  await expect(answer).toContainText('Yes, since noon.');

  const count = await messages(page, SPACE).getByRole('article').count();
  await composer(page).fill('\u3164\u200B');
  await composer(page).press('Enter');
  await expect(page.getByText('This would look empty')).toBeVisible();
  await expect(messages(page, SPACE).getByRole('article')).toHaveCount(count);
  await composer(page).fill('');

  const last = messages(page, SPACE).getByRole('article').last();
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await last.hover();
  await last.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  await composer(page).focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(composer(page)).toHaveValue(new RegExp(`^${server.url}/s/`));
  await composer(page).fill('');
  await page.evaluate(() => (document.execCommand = () => false));
  await last.hover();
  await last.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Copy the link by hand')).toBeVisible();
  await expect(page.getByText(`${server.url}/s/`)).toBeVisible();
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
