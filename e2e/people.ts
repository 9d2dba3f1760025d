import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

/** Someone with a browser of their own. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  name: string;
  email: string;
  password: string;
}

/** Opens a browser of one's own and creates an account in it. */
export async function signUp(browser: Browser, url: string, name: string): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const visitor = {
    page,
    context,
    name,
    email: `${name.toLowerCase()}@example.org`,
    password: `${name} likes long passwords`,
  };
  await page.goto(`${url}/sign-up`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(visitor.email);
  await page.getByLabel('Password', { exact: true }).fill(visitor.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  return visitor;
}

/** Creates a space and opens it; with a password it is protected. */
export async function createSpace(page: Page, name: string, password?: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByLabel('Create a space').click();
  const form = page.getByRole('form', { name: 'Create a space' });
  await form.getByLabel('Name').fill(name);
  if (password) {
    await form.getByLabel('Protected').check();
    await form.getByLabel('Password of the space').fill(password);
  }
  await form.getByRole('button', { name: 'Create space' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

/** Sends a message through the composer of the space that is open. */
export async function say(page: Page, space: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: `Message ${space}` }).fill(text);
  await page.keyboard.press('Enter');
  await expect(messages(page, space).getByText(text)).toBeVisible();
}

export const messages = (page: Page, space: string) => page.getByLabel(`Messages in ${space}`);

/** Opens the search, types, and gives the hits. */
export async function search(page: Page, words: string) {
  await page.keyboard.press('ControlOrMeta+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  await dialog.getByLabel('Search messages, documents, FAQs and decisions').fill(words);
  return dialog.getByRole('group', { name: /^\d+\+? results?$/ }).getByRole('option');
}

export async function closeSearch(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Search' })).toBeHidden();
}
