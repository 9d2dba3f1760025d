import { expect, test, type Browser, type Page } from '@playwright/test';
import { judge } from './judge.ts';
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
  // What is on the server stays there for its person.
  await signIn(page, ada);
  await page.goto(spaceUrl);
  await expect(composer(page)).toHaveValue('gone with the log-out');
});

test('of two windows the one with newer words wins, and offers those of the other', async ({
  browser,
}) => {
  const { page, context } = await signUp(browser, server.url, 'Cleo');
  await createSpace(page, SPACE);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(composer(second)).toHaveValue('');
  await composer(page).fill('from the first');
  await composer(second).fill('from the second');
  const offer = second.getByRole('group', { name: 'Unsent words in another window' });
  const [loser, winner] = [page, second];
  await expect(offer).toContainText('from the first');
  await expect(composer(loser)).toHaveValue('from the second');
  await winner.reload();
  await expect(composer(winner)).toHaveValue('from the second');
  await offer.getByRole('button', { name: 'Take over' }).click();
  await expect(composer(winner)).toHaveValue('from the second\n\nfrom the first');
  await expect(offer).toBeHidden();
  await expect(composer(loser)).toHaveValue('from the second\n\nfrom the first');
});

test('a draft follows its person into every window, and sending empties it in all', async ({
  browser,
}) => {
  const ada = await signUp(browser, server.url, 'Emil');
  const { page } = ada;
  await createSpace(page, SPACE);
  const spaceUrl = page.url();
  await createSpace(page, 'Elsewhere');
  const elsewhere = await browser.newContext();
  const phone = await elsewhere.newPage();
  await phone.goto(`${server.url}/sign-in`);
  await signIn(phone, ada);
  await phone.goto(spaceUrl);

  await page.goto(spaceUrl);
  const bytes = Buffer.from('The list.');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: bytes });
  await composer(page).fill('On my way');
  await expect(composer(phone)).toHaveValue('On my way');
  await expect(phone.getByRole('list', { name: 'Files to send' })).toContainText('list.txt');
  await composer(phone).press('End');
  await composer(phone).pressSequentially(', nearly there');
  await expect(composer(page)).toHaveValue('On my way, nearly there');

  // From the side bar to the list, and from there to its place; a reload loses nothing.
  await phone.getByRole('link', { name: 'Elsewhere' }).click();
  const bar = phone.getByRole('navigation', { name: 'Main' });
  await expect(bar.getByRole('link', { name: `${SPACE} Draft` })).toBeVisible();
  await bar.getByRole('link', { name: /^Drafts/ }).click();
  await phone.getByRole('list', { name: 'Drafts' }).getByText('On my way, nearly there').click();
  await expect(composer(phone)).toHaveValue('On my way, nearly there');
  await phone.reload();
  await expect(phone.getByRole('list', { name: 'Files to send' })).toContainText('list.txt');

  await composer(phone).press('Enter');
  await expect(messages(phone, SPACE).getByText('On my way, nearly there')).toBeVisible();
  await expect(messages(phone, SPACE).getByText('list.txt')).toBeVisible();
  await expect(composer(page)).toHaveValue('');
  await expect(page.getByRole('list', { name: 'Files to send' })).toBeHidden();
  await expect.poll(() => stored(page)).toBe('');
  await page.reload();
  await expect(composer(page)).toHaveValue('');
  await page.getByRole('link', { name: /^Drafts/ }).click();
  await expect(page.getByText('No drafts')).toBeVisible();
});

test('a message is sent later: changed, moved, sent now or not at all', async ({ browser }) => {
  const { page } = await signUp(browser, server.url, 'Fritz');
  await createSpace(page, SPACE);
  const later = async (text: string) => {
    await composer(page).fill(text);
    await page.getByRole('button', { name: 'Send later' }).click();
    await page.getByRole('menuitem', { name: /^Tomorrow, / }).click();
    await expect(composer(page)).toHaveValue('');
  };
  await composer(page).fill('Good morning');
  await page.getByRole('button', { name: 'Send later' }).click();
  await expect(page.getByRole('menuitem', { name: /9:00/ })).toHaveCount(2);
  await judge(page, 'Send later');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: 'Choose a time…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send later' });
  await dialog.getByLabel('Date and time').fill('2020-01-01T09:00');
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await expect(dialog.getByText('Choose a time in the future')).toBeVisible();
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16);
  await dialog.getByLabel('Date and time').fill(soon);
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await expect(composer(page)).toHaveValue('');
  await later('Not to be sent');
  await composer(page).fill('Only a draft');

  const bar = page.getByRole('navigation', { name: 'Main' });
  await expect(bar.getByRole('img', { name: '1 draft, 2 scheduled' })).toBeVisible();
  await bar.getByRole('link', { name: /^Drafts/ }).click();
  const row = (text: string) =>
    page.getByRole('list', { name: 'Scheduled' }).getByRole('listitem').filter({ hasText: text });
  await expect(row('Not to be sent')).toContainText('Tomorrow, 9:00');
  await judge(page, 'Drafts and scheduled');
  await row('Not to be sent').getByRole('button', { name: 'Do not send: delete it' }).click();
  await expect(row('Not to be sent')).toHaveCount(0);
  await row('Good morning').getByRole('button', { name: 'Change the words or the time' }).click();
  const form = page.getByRole('form', { name: 'Scheduled message' });
  await form.getByLabel('Message').fill('Good evening');
  await judge(page, 'Edit a scheduled message');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  await row('Good evening').getByRole('button', { name: 'Send now' }).click();
  await expect(row('Good evening')).toHaveCount(0);
  await bar.getByRole('link', { name: SPACE }).click();
  await expect(messages(page, SPACE).getByText('Good evening')).toBeVisible();
  await expect(messages(page, SPACE).getByText('Not to be sent')).toHaveCount(0);
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
  await expect.poll(() => stored(page)).toBe('');
});
