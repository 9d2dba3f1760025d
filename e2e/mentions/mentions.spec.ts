import { createCaller } from '@teambrain/client/call.ts';
import { getMe, register } from '@teambrain/contract/auth.ts';
import { EVERYONE_ASKS, postMessage } from '@teambrain/contract/chat.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { createSpace, getSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { expect, test, type Page } from '@playwright/test';
import { judge } from '../judge.ts';
import { messages, signUp, type Visitor } from '../people.ts';
import { callAs, type Caller } from '../sample.ts';
import { startServer, type RunningServer } from '../server.ts';

const SPACE = 'Harbour';
const KEY = 'the word at the door';

let server: RunningServer;
let ada: Visitor;
let ben: Visitor;
let bert: Visitor;
let asAda: Caller;
let harbour: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  ada = await signUp(browser, server.url, 'Ada');
  ben = await signUp(browser, server.url, 'Ben');
  bert = await signUp(browser, server.url, 'Bert');
  asAda = await callAs(server.url, ada);
  const make = async (name: string) =>
    (await asAda(createSpace, { body: { name, visibility: 'protected', password: KEY } })).id;
  harbour = await make(SPACE);
  const asBen = await callAs(server.url, ben);
  for (const spaceId of [harbour, await make('Pier')]) {
    await asBen(joinSpace, { params: { spaceId }, body: { password: KEY } });
  }
  await asAda(createEntry, {
    params: { spaceId: harbour },
    body: { kind: 'document', title: 'Berth plan', markdown: 'Seven berths.' },
  });
  // A space without a message would open at its documents.
  await asAda(postMessage, { params: { spaceId: harbour }, body: { text: 'Welcome' } });
  await ada.page.goto(`${server.url}/s/${harbour}`);
});
test.afterAll(() => server.stop());

const box = (page: Page) => page.getByRole('textbox', { name: `Message ${SPACE}` });
const option = (page: Page, name: string) =>
  page.getByRole('listbox').getByRole('option', { name });
const row = (page: Page, text: string) =>
  messages(page, SPACE).getByRole('article').filter({ hasText: text });
const badge = (page: Page, name: RegExp) =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: SPACE })
    .getByRole('img', { name });

test('@ suggests members alone, by keyboard; the pick is a link that is shown by its name', async () => {
  const { page } = ada;
  await box(page).pressSequentially('Morning @b');
  await expect(option(page, 'Ben')).toBeVisible();
  await expect(option(page, 'Bert')).toHaveCount(0);
  await expect(option(page, 'Ben')).toHaveAttribute('aria-selected', 'true');
  await judge(page, 'Suggestions');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('Morning @Ben ');
  await box(page).pressSequentially('are you there?');
  await page.keyboard.press('Enter');
  const mention = row(page, 'Morning @Ben are you there?').getByRole('link', { name: '@Ben' });
  await expect(mention).toHaveAttribute('href', /^\/people\/[0-9a-f-]{36}$/);
  await mention.click();
  const card = page.getByRole('dialog');
  await expect(card.getByText('Ben', { exact: true })).toBeVisible();
  await expect(card.getByRole('link', { name: SPACE })).toBeVisible();
  await judge(page, 'Person card');
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(mention).toBeFocused();
});

test('a quick Enter picks what was typed, and an input method’s Enter neither picks nor sends', async () => {
  const { page } = ada;
  await box(page).pressSequentially('Hello @ben');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('Hello @Ben ');
  await box(page).fill('Konnichi @b');
  await expect(option(page, 'Ben')).toBeVisible();
  await box(page).evaluate((element) =>
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    ),
  );
  await expect(box(page)).toHaveValue('Konnichi @b');
  await page.keyboard.press('Escape');
  await expect(option(page, 'Ben')).toHaveCount(0);
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveValue('Konnichi @b');
  await box(page).fill('');
});

test('# and [[ link a space and an entry, which open without a reload', async () => {
  const { page } = ada;
  await box(page).pressSequentially('In #pie');
  await expect(option(page, 'Pier')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(box(page)).toHaveValue('In #Pier ');
  await box(page).pressSequentially('see [[berth');
  await expect(option(page, 'Berth plan')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('In #Pier see Berth plan ');
  await page.keyboard.press('Enter');
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  await row(page, 'In #Pier see').getByRole('link', { name: 'Berth plan' }).click();
  await expect(page.getByText('Seven berths.')).toBeVisible();
  await page.goBack();
  await row(page, 'In #Pier see').getByRole('link', { name: '#Pier' }).click();
  await expect(page.getByRole('heading', { name: 'Pier', level: 1 })).toBeVisible();
  expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
  await page.goBack();
});

test('mentions are counted in every window within a second, and reading clears them', async () => {
  const first = ben.page;
  const second = await ben.context.newPage();
  for (const page of [first, second]) await page.goto(server.url);
  const both = [first, second];
  for (const page of both) await expect(badge(page, /^1 mention, /)).toHaveText('@1');
  const say = (text: string) =>
    asAda(postMessage, { params: { spaceId: harbour }, body: { text } });
  await say(`[@space](/s/${harbour}/members) the tide is out`);
  for (const page of both) {
    await expect(badge(page, /^2 mentions, /)).toHaveText('@2', { timeout: 1_000 });
    await expect(page).toHaveTitle(/^\(@2\) /, { timeout: 1_000 });
  }
  await judge(first, 'Mention badge');
  await first.getByRole('link', { name: SPACE }).first().click();
  await expect(row(first, 'Morning @Ben').getByRole('link', { name: '@Ben' })).toHaveAttribute(
    'data-me',
    'true',
  );
  for (const page of both) await expect(badge(page, /mention|new message/)).toHaveCount(0);
  await judge(first, 'Mentions of oneself');
});

test('suggestions work in a thread and while editing, and the link stays one', async () => {
  const { page } = ada;
  await row(page, 'the tide is out').hover();
  await row(page, 'the tide is out').getByRole('button', { name: 'Reply in thread' }).click();
  const panel = page.getByRole('complementary', { name: 'Thread' });
  const reply = panel.getByRole('textbox', { name: 'Reply in thread' });
  await reply.pressSequentially('Ask @be');
  await expect(option(page, 'Ben')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(reply).toHaveValue('Ask @Ben ');
  await reply.press('Enter');
  await expect(panel.getByRole('link', { name: '@Ben' })).toBeVisible();
  await reply.press('ArrowUp');
  const editor = panel.getByRole('textbox', { name: 'Message text' });
  await expect(editor).toHaveValue('Ask @Ben');
  await editor.pressSequentially(' or @space');
  await expect(option(page, 'space')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(editor).toHaveValue('Ask @Ben or @space ');
  await editor.press('Enter');
  await expect(panel.getByText('Ask @Ben or @space')).toBeVisible();
  await expect(panel.getByRole('link', { name: '@Ben' })).toBeVisible();
});

test('the address of somebody one shares no space with tells nothing of them', async () => {
  const { page } = bert;
  const user = await asAda(getMe, {});
  for (const id of [user.id, '01910000-0000-7000-8000-00000000000a']) {
    await page.goto(`${server.url}/people/${id}`);
    await expect(page.getByText('You share no space with this person.')).toBeVisible();
  }
});

test('a group is made and kept by its owner, and mentioned with @', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Groups' }).click();
  await expect(page.getByText('No groups yet')).toBeVisible();
  await page.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Name').fill('Harbour crew');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Harbour crew', level: 1 })).toBeVisible();
  // Bert is in no space of Ada's.
  await page.getByLabel('Add people').last().fill('be');
  await expect(page.getByRole('button', { name: 'Add Ben' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add Bert' })).toHaveCount(0);
  await judge(page, 'Group');
  await page.getByRole('button', { name: 'Add Ben' }).click();
  await expect(page.getByRole('list', { name: 'Members' }).getByText('Ben')).toBeVisible();
  await page.getByRole('link', { name: 'All groups' }).click();
  await expect(page.getByText('2 members')).toBeVisible();
  await judge(page, 'Groups');

  await ben.page.goto(server.url);
  await page.goto(`${server.url}/s/${harbour}`);
  await box(page).pressSequentially('Dear @crew');
  await expect(option(page, 'Harbour crew')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('Dear @Harbour crew ');
  await box(page).pressSequentially('all hands');
  await page.keyboard.press('Enter');
  await expect(badge(ben.page, /^1 mention, /)).toHaveText('@1');
  await ben.page.getByRole('link', { name: SPACE }).first().click();
  await row(ben.page, 'all hands').getByRole('link', { name: '@Harbour crew' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Harbour crew', level: 1 })).toBeVisible();
  await expect(ben.page.getByRole('button', { name: 'Rename' })).toHaveCount(0);
  await ben.page.getByRole('button', { name: 'Leave the group' }).click();
  await expect(ben.page.getByRole('button', { name: 'Leave the group' })).toHaveCount(0);
});

test('all members of a large space are mentioned only after a question', async () => {
  const { page } = ada;
  for (let n = 1; n <= EVERYONE_ASKS; n += 1) {
    const person = { email: `crew.${n}@example.org`, password: `crew number ${n} of all` };
    await createCaller({ baseUrl: server.url })(register, {
      body: { ...person, name: `Crew ${n}` },
    });
    const call = await callAs(server.url, person);
    await call(joinSpace, { params: { spaceId: harbour }, body: { password: KEY } });
  }
  const { memberCount } = await asAda(getSpace, { params: { spaceId: harbour } });
  await page.goto(`${server.url}/s/${harbour}`);
  await box(page).pressSequentially('Hear, @space');
  await expect(option(page, 'space')).toBeVisible();
  await page.keyboard.press('Enter');
  await box(page).pressSequentially('a storm comes');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Mention all ${memberCount} members?` });
  await judge(page, 'Mention all');
  await dialog.getByRole('button', { name: 'Keep writing' }).click();
  await expect(box(page)).toHaveValue('Hear, @space a storm comes');
  await expect(row(page, 'a storm comes')).toHaveCount(0);
  await box(page).press('Enter');
  await dialog.getByRole('button', { name: `Send to ${memberCount} members` }).click();
  await expect(row(page, 'a storm comes')).toBeVisible();
  // Without a mention of all there is no question.
  await box(page).fill('It passed');
  await box(page).press('Enter');
  await expect(row(page, 'It passed')).toBeVisible();
});
