import { expect, test, type Browser, type Page } from '@playwright/test';
import { createSpace, messages, signUp, type Visitor } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const composer = (page: Page) => page.getByRole('textbox', { name: `Message ${SPACE}` });

async function signIn(page: Page, { email, password }: Visitor) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

/** The same person, in another browser, ends all sessions. */
async function endSessionsElsewhere(browser: Browser, visitor: Visitor) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await signIn(page, visitor);
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Log out everywhere' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await context.close();
}

async function logOut(page: Page) {
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Log out', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Your session has ended')).toBeHidden();
}

/** All that this browser keeps about unsent words. */
const stored = (page: Page) =>
  page.evaluate(() =>
    Object.entries({ ...localStorage })
      .filter(([name]) => name.startsWith('teambrain-draft-'))
      .map(([name, value]) => `${name} ${String(value)}`)
      .join('\n'),
  );

test('unsent words survive a reload and a session ended elsewhere, for their person alone', async ({
  browser,
}) => {
  const ada = await signUp(browser, server.url, 'Ada');
  const { page } = ada;
  await createSpace(page, SPACE);
  const spaceUrl = page.url();

  await composer(page).fill('half a mess');
  await page.reload();
  await expect(composer(page)).toHaveValue('half a mess');

  const tabs = page.getByRole('navigation', { name: 'Space' });
  await tabs.getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('link', { name: 'New document' }).first().click();
  const form = page.getByRole('form', { name: 'New document' });
  await form.getByLabel('Title').fill('Tides');
  await form.getByLabel('Text', { exact: true }).fill('High at noon.');
  await page.reload();
  await expect(form.getByLabel('Title')).toHaveValue('Tides');
  await expect(form.getByLabel('Text', { exact: true })).toHaveValue('High at noon.');

  await page.goto(`${server.url}/ask`);
  await page.getByLabel('Your question').fill('When is it hi');
  await page.reload();
  await expect(page.getByLabel('Your question')).toHaveValue('When is it hi');

  await page.goto(spaceUrl);
  await expect(composer(page)).toHaveValue('half a mess');
  await endSessionsElsewhere(browser, ada);
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await page.reload();
  await signIn(page, ada);
  await page.goto(spaceUrl);
  await expect(composer(page)).toHaveValue('half a mess');
  await page.goto(`${server.url}/ask`);
  await expect(page.getByLabel('Your question')).toHaveValue('When is it hi');

  // Somebody else in the same browser, after the session was ended elsewhere.
  const ben = await signUp(browser, server.url, 'Ben');
  await endSessionsElsewhere(browser, ada);
  await page.goto(`${server.url}/sign-in`);
  await signIn(page, ben);
  expect(await stored(page)).toBe('');
  await page.goto(`${server.url}/ask`);
  await expect(page.getByLabel('Your question')).toHaveValue('');
  await logOut(page);

  await signIn(page, ada);
  await page.goto(spaceUrl);
  await composer(page).fill('gone with the log-out');
  expect(await stored(page)).toContain('gone with the log-out');
  await logOut(page);
  expect(await stored(page)).toBe('');
  await signIn(page, ada);
  await page.goto(spaceUrl);
  await expect(composer(page)).toHaveValue('');
});

test('two tabs keep each its words, and a closed one hands them over', async ({ browser }) => {
  const { page, context } = await signUp(browser, server.url, 'Cleo');
  await createSpace(page, SPACE);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(composer(second)).toHaveValue('');
  await composer(page).fill('from the first');
  await composer(second).fill('from the second');
  await page.reload();
  await second.reload();
  await expect(composer(page)).toHaveValue('from the first');
  await expect(composer(second)).toHaveValue('from the second');

  const third = await context.newPage();
  await third.goto(page.url());
  await expect(composer(third)).toHaveValue('');
  const offer = third.getByRole('group', { name: 'Unsent words in another tab' });
  await expect(offer).toContainText('from the');
  await second.close({ runBeforeUnload: true });
  await page.close({ runBeforeUnload: true });
  await expect(offer).toContainText('from the');
  await third.reload();
  await expect(composer(third)).toHaveValue(/from the (first|second)/);
  await offer.getByRole('button', { name: 'Take over' }).click();
  await expect(composer(third)).toHaveValue(/from the (first|second)\n\nfrom the (first|second)/);
  await expect(offer).toBeHidden();
});

test('a message that waited for a connection is sent after a reload, once', async ({ browser }) => {
  const { page } = await signUp(browser, server.url, 'Dora');
  await createSpace(page, SPACE);
  let isCut = true;
  await page.route('**/messages', (route) =>
    isCut && route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  page.on('dialog', (dialog) => void dialog.accept());
  await composer(page).fill('Sent before the storm.');
  await composer(page).press('Enter');
  await expect(page.getByLabel('Message being sent')).toBeVisible();
  isCut = false;
  await page.reload();
  await expect(messages(page, SPACE).getByText('Sent before the storm.')).toHaveCount(1);
  await expect(page.getByLabel('Message being sent')).toHaveCount(0);
  await page.reload();
  await expect(messages(page, SPACE).getByText('Sent before the storm.')).toHaveCount(1);
  expect(await stored(page)).toBe('');
});
