import { expect, test } from '@playwright/test';
import { createSpace, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('who goes elsewhere while an entry is saved is not called back', async ({ browser }) => {
  const { page } = await signUp(browser, server.url, 'Ada');
  await createSpace(page, 'Harbour');
  const tabs = page.getByRole('navigation', { name: 'Space' });
  await tabs.getByRole('link', { name: 'FAQs' }).click();
  await page.getByRole('link', { name: 'New FAQ' }).first().click();
  const form = page.getByRole('form', { name: 'New FAQ' });
  await form.getByLabel('Question').fill('Who has the key?');
  await form.getByLabel('Answer', { exact: true }).fill('Marta has it.');

  let leave = () => {};
  const gone = new Promise<void>((resolve) => (leave = resolve));
  await page.route('**/entries', async (route) => {
    if (route.request().method() === 'POST') await gone;
    await route.continue();
  });
  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith('/entries') && answer.request().method() === 'POST',
  );
  await form.getByRole('button', { name: 'Create FAQ' }).click();
  await tabs.getByRole('link', { name: 'Decisions' }).click();
  await expect(page.getByRole('heading', { name: 'Decisions', exact: true })).toBeVisible();
  leave();
  expect((await saved).status()).toBe(201);
  // Time enough to be called back.
  await page.waitForTimeout(500);
  await expect(page).toHaveURL(/decisions$/);
  await tabs.getByRole('link', { name: 'FAQs' }).click();
  await expect(page.getByRole('link', { name: /Who has the key/ })).toBeVisible();
});
