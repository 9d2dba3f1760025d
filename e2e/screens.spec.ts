import { expect, test, type Page } from '@playwright/test';
import { judge } from './judge.ts';
import { closeSearch, createSpace, search, signUp, type Visitor } from './people.ts';
import { callAs, loadTeam, type Team } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

let server: RunningServer;
let ada: Visitor;
let team: Team;
/** What the browser refused because of the content security policy. */
const refused: string[] = [];

// A record of every step would take longer than the steps.
test.use({ trace: 'off' });
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Opens a page, waits for words of it, and judges it. */
async function visit(page: Page, path: string, screen: string, sign: string | RegExp) {
  await page.goto(`${server.url}${path}`);
  await expect(page.getByRole('main').getByText(sign).first()).toBeVisible();
  await judge(page, screen);
}

test('the door and the empty instance are accessible and fit', async ({ browser }) => {
  const stranger = await (await browser.newContext()).newPage();
  await visit(stranger, '/sign-up', 'sign-up', 'E-mail');
  await stranger.getByRole('button', { name: 'Create account' }).click();
  await judge(stranger, 'sign-up with errors');
  ada = await signUp(browser, server.url, 'Ada');
  ada.page.on('console', (line) => {
    if (line.text().includes('Content Security Policy')) refused.push(line.text());
  });
  await visit(ada.page, '/', 'home empty', 'Look around first');
  await visit(stranger, '/sign-in', 'sign-in', 'E-mail');
  await visit(ada.page, '/spaces', 'browse empty', /No spaces|no space/i);
});

test('the sample team is accessible and fits: Home, chat, lists and entries', async () => {
  const call = await callAs(server.url, ada);
  team = await loadTeam(call);
  const { page } = ada;
  const general = `/s/${team.space('General')}`;
  const engineering = `/s/${team.space('Engineering')}`;
  await visit(page, '/', 'home', 'Engineering');
  await visit(page, '/spaces', 'browse', 'Engineering');
  await visit(page, engineering, 'chat', /./);
  await visit(page, `${general}/documents`, 'documents', 'Welcome to Rootwise');
  await visit(page, team.entry('How our system fits together'), 'document with code', /partitions/);
  await visit(page, team.entry('Retro notes'), 'document', 'Actions');
  await visit(page, `${engineering}/faqs`, 'FAQs', 'Who can sign a firmware release?');
  await visit(page, team.entry('Who can sign a firmware release?'), 'FAQ', /sign/);
  await visit(page, team.entry('Does the old Android tablet have Play services?'), 'FAQ open', /./);
  await visit(page, `${engineering}/decisions`, 'decisions', 'Firmware images are signed');
  await visit(page, team.entry('Firmware images are signed'), 'decision', 'Consequences');
  await visit(page, `${general}/new?kind=document`, 'new document', 'Title');
  await visit(page, `${general}/new?kind=faq`, 'new FAQ', /Question/);
  await visit(page, `${general}/new?kind=decision`, 'new decision', 'Outcome');
  await page.goto(`${server.url}${team.entry('Retro notes')}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('form', { name: 'Edit document' })).toBeVisible();
  await judge(page, 'edit document');
  await visit(page, '/account', 'account', 'Sessions');
  await visit(page, '/nowhere', 'not found', /not/i);
  expect(refused).toEqual([]);
});

test('menus, dialogs and panels are accessible and fit', async ({ browser }) => {
  const { page } = ada;
  await createSpace(page, 'Quiet corner');
  await judge(page, 'chat empty');
  const quiet = new URL(page.url()).pathname;
  await visit(page, `${quiet}/documents`, 'documents empty', /document/i);
  await visit(page, `${quiet}/faqs`, 'FAQs empty', /FAQ/);
  await visit(page, `${quiet}/decisions`, 'decisions empty', /decision/i);

  await page.goto(`${server.url}/s/${team.space('Engineering')}`);
  await expect(page.getByRole('textbox', { name: 'Message Engineering' })).toBeVisible();
  const more = page.getByRole('button', { name: 'More about this space' });
  await more.click();
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await judge(page, 'space menu');
  // At another width a menu closes.
  const settings = page.getByRole('menuitem', { name: 'Space settings' });
  if (!(await settings.isVisible())) await more.click();
  await settings.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await judge(page, 'space settings');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /\d+ members/ }).click();
  await expect(page.getByRole('list', { name: 'Members' })).toBeVisible();
  await judge(page, 'members');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog', { name: 'Search' })).toBeVisible();
  await judge(page, 'search before typing');
  await closeSearch(page);
  await expect((await search(page, 'gateway')).first()).toBeVisible();
  await judge(page, 'search');
  await search(page, 'xylophone zeppelin quark');
  await expect(page.getByText(/Nothing|No results/).first()).toBeVisible();
  await judge(page, 'search finds nothing');
  await closeSearch(page);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.getByRole('menuitem', { name: 'Everything' }).click();
  await expect(page.getByRole('complementary').getByText(/Key points/)).toBeVisible();
  await judge(page, 'summary');
  await visit(page, '/threads', 'threads empty', 'You follow no thread yet');
  await page.goto(`${server.url}/s/${team.space('Product')}`);
  await page
    .getByRole('button', { name: /2 replies/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible();
  await judge(page, 'thread');
  await visit(page, '/threads', 'threads', '2 replies');
  await page.goto(`${server.url}${team.entry('Retro notes')}`);
  await page.getByRole('button', { name: 'More about this document' }).click();
  await page.getByRole('menuitem', { name: 'Revisions' }).click();
  await expect(page.getByRole('list', { name: 'Revisions' })).toBeVisible();
  await judge(page, 'revisions');

  const lea = await signUp(browser, server.url, 'Lea');
  await visit(lea.page, `/s/${team.space('Leadership')}`, 'locked space', /password/i);
  await visit(lea.page, '/', 'home of a newcomer', /space/);
  await lea.context.close();
});

test('answers and what fails are accessible and fit', async () => {
  const { page } = ada;
  await visit(page, '/ask', 'ask', /ask/i);
  const ask = async (question: string, screen: string, sign: RegExp) => {
    await page.getByLabel('Your question').fill(question);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main').getByText(sign).first()).toBeVisible();
    await judge(page, screen);
  };
  await ask('How long does a gateway keep data without a connection?', 'answer', /seven days/i);
  await ask('Who won the chess championship of 1972?', 'answer not found', /No |Nothing|not/);
  await page.goto(`${server.url}/s/${team.space('Support')}`);
  await expect(page.getByRole('textbox', { name: 'Message Support' })).toBeVisible();
  await page.route('**/api/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Decisions' }).click();
  await expect(page.getByRole('button', { name: /again|Retry/i }).first()).toBeVisible();
  await judge(page, 'list that cannot be read');
  await page.unroute('**/api/**');
  expect(refused).toEqual([]);
});
