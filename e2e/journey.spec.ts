import { expect, test, type Page } from '@playwright/test';
import { closeSearch, createSpace, messages, say, search, signUp, type Visitor } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';
const PASSWORD = 'lighthouse keeper';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('a team talks, writes, asks and summarises; who never joined sees none of it', async ({
  browser,
}) => {
  const ada = await test.step('the first account is told that it administers', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.url);
    await expect(page.getByText(/administrator/i)).toBeVisible();
    await page.context().close();
    return signUp(browser, server.url, 'Ada');
  });
  const ben = await signUp(browser, server.url, 'Ben');
  const eve = await signUp(browser, server.url, 'Eve');

  await test.step('Ada creates a protected space', () => createSpace(ada.page, SPACE, PASSWORD));
  await test.step('Ben is refused with a wrong password and joins with the right one', () =>
    join(ben.page));
  await test.step('both chat, edit and delete, live', () => chat(ada.page, ben.page));
  await test.step('a document, a FAQ and a decision', () => write(ada.page));
  await test.step('each is found, by its words and by others', () => find(ben.page));
  await test.step('an answer cites, and its citation opens at the words', () => ask(ben.page));
  await test.step('the chat is summarised with citations', () => summarise(ben.page));
  await test.step('Eve sees name and lock, and nothing else', () => lockedOut(eve.page));
  await test.step('after logging out the old access token is refused', () => logOut(ben));
});

async function join(page: Page) {
  await page.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await page.getByRole('button', { name: `Join ${SPACE}` }).click();
  const form = page.getByRole('form', { name: `Join ${SPACE}` });
  await form.getByLabel('Password of the space').fill('sea captain');
  await form.getByRole('button', { name: 'Join space' }).click();
  await expect(form.getByText('That is not the password')).toBeVisible();
  await form.getByLabel('Password of the space').fill(PASSWORD);
  await form.getByRole('button', { name: 'Join space' }).click();
  await openSpace(page);
}

async function openSpace(page: Page) {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(SPACE) })
    .click();
  await expect(page.getByRole('textbox', { name: `Message ${SPACE}` })).toBeVisible();
}

async function chat(ada: Page, ben: Page) {
  await say(ada, SPACE, 'We decided to paint the lighthouse red before the storm season starts.');
  const inBens = messages(ben, SPACE);
  await expect(inBens.getByText('paint the lighthouse red')).toBeVisible();
  await say(ben, SPACE, 'I will order forty litres of weatherproof paint by Friday.');
  await expect(messages(ada, SPACE).getByText('forty litres')).toBeVisible();

  await say(ben, SPACE, 'The ferry leaves at six.');
  await act(ben, 'The ferry leaves at six.', 'Edit message');
  await ben.getByRole('textbox', { name: 'Message text' }).fill('The ferry leaves at seven.');
  await ben.keyboard.press('Enter');
  await expect(messages(ada, SPACE).getByText('The ferry leaves at seven.')).toBeVisible();
  // Who manages the space sees what it said before.
  await messages(ada, SPACE).getByText('(edited)').click();
  const before = ada.getByRole('dialog', { name: 'Earlier versions' });
  await expect(before.getByText('The ferry leaves at six.')).toBeVisible();
  await ada.keyboard.press('Escape');
  await expect(before).toBeHidden();

  await say(ben, SPACE, 'A sentence nobody should have read.');
  await expect(messages(ada, SPACE).getByText('A sentence nobody')).toBeVisible();
  await act(ben, 'A sentence nobody should have read.', 'Delete message');
  await ben.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(messages(ada, SPACE).getByText('A sentence nobody')).toBeHidden();
  await expect(messages(ada, SPACE).getByText('This message was deleted')).toBeVisible();
}

/** Chooses an action from the bar of one's own message. */
async function act(page: Page, text: string, action: string) {
  const row = messages(page, SPACE).getByRole('article').filter({ hasText: text });
  // The row that said "Sending" is replaced under a resting pointer; a person would move the mouse.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await row.hover();
    await row.getByRole('button', { name: action }).click({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
}

async function write(page: Page) {
  const tabs = page.getByRole('navigation', { name: 'Space' });
  await tabs.getByRole('link', { name: 'Documents' }).click();
  await page.getByRole('link', { name: 'New document' }).first().click();
  const document = page.getByRole('form', { name: 'New document' });
  await document.getByLabel('Title').fill('Keeping the lamp');
  await document
    .getByLabel('Text', { exact: true })
    .fill(
      '# Oil\n\nThe lamp burns nine litres of oil every night in winter. Refill it at dusk.\n\n# Glass\n\nClean the glass with vinegar each Monday morning.',
    );
  await document.getByRole('button', { name: /Create|Save/ }).click();
  await expect(page.getByRole('article').getByText('nine litres of oil')).toBeVisible();

  await tabs.getByRole('link', { name: 'FAQs' }).click();
  await page.getByRole('link', { name: 'New FAQ' }).first().click();
  const faq = page.getByRole('form', { name: 'New FAQ' });
  await faq.getByLabel('Question').fill('Who has the key to the boathouse?');
  await faq
    .getByLabel('Answer', { exact: true })
    .fill('Marta keeps the boathouse key in her desk.');
  await faq.getByRole('button', { name: /Create|Save/ }).click();
  await expect(page.getByRole('article').getByText('Marta keeps the boathouse')).toBeVisible();

  await tabs.getByRole('link', { name: 'Decisions' }).click();
  await page.getByRole('link', { name: 'New decision' }).first().click();
  const decision = page.getByRole('form', { name: 'New decision' });
  await decision.getByLabel('Title').fill('Replace the foghorn');
  await decision.getByLabel('Context').fill('The old foghorn fails in heavy rain.');
  await decision.getByLabel('Outcome').fill('We buy an electric foghorn from the Bergen yard.');
  await decision.getByRole('button', { name: /Create|Save/ }).click();
  await expect(page.getByRole('article').getByText('electric foghorn')).toBeVisible();
}

async function find(page: Page) {
  const expectFirst = async (words: string, hit: RegExp) => {
    await expect(async () => {
      await expect((await search(page, words)).first()).toHaveAccessibleName(hit, {
        timeout: 1500,
      });
    }).toPass({ timeout: 15_000 });
    await closeSearch(page);
  };
  await expectFirst('vinegar', /^Document: Keeping the lamp/);
  await expectFirst('boathouse key', /^FAQ: Who has the key/);
  await expectFirst('foghorn', /^Decision: Replace the foghorn/);
  await expectFirst('forty litres', /^Message.*forty litres/);
  // By other words than they contain, and by the beginning of a word.
  await expectFirst('washing windows', /Keeping the lamp/);
  await expectFirst('boathou', /Who has the key/);
}

async function ask(page: Page) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ask' }).click();
  const question = page.getByLabel('Your question');
  await question.fill('How many litres of oil does the lamp burn every night?');
  await page.keyboard.press('Enter');
  const answer = page.getByRole('region', { name: 'Found', exact: true });
  await expect(answer.getByText('The lamp burns nine litres of oil').first()).toBeVisible();
  await answer.getByRole('button', { name: /^Open Document Keeping the lamp/ }).click();
  const mark = page.locator('mark', { hasText: 'nine litres of oil' }).first();
  await expect(mark).toBeVisible();
  await expect(mark).toBeInViewport();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ask' }).click();
  await page.getByLabel('Your question').fill('What is the capital of Mongolia?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Not known here' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask the team' })).toBeVisible();
}

async function summarise(page: Page) {
  await openSpace(page);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.getByRole('menuitem', { name: 'Everything' }).click();
  const panel = page.getByRole('complementary', { name: /summary/i });
  await expect(panel.getByText(/Ada: We decided to paint the lighthouse red/)).toBeVisible();
  await panel.getByRole('button', { name: /^Citation 1:/ }).click();
  await expect(page.locator('mark').first()).toBeVisible();
}

async function lockedOut(page: Page) {
  await page.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await expect(page.getByRole('button', { name: `Join ${SPACE}` })).toBeVisible();
  for (const words of ['foghorn', 'lighthouse', 'forty litres', 'Marta']) {
    await search(page, words);
    await expect(
      page.getByRole('dialog', { name: 'Search' }).getByText(/Nothing|No results/i),
    ).toBeVisible();
    await closeSearch(page);
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ask' }).click();
  await page
    .getByLabel('Your question')
    .fill('How many litres of oil does the lamp burn every night?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Not known here' })).toBeVisible();
  await expect(page.getByText(/nine litres|lighthouse|Harbour/)).toHaveCount(0);
}

async function logOut({ page }: Visitor) {
  const seen = page.waitForRequest((request) => 'authorization' in request.headers());
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await page.reload();
  const authorization = (await seen).headers()['authorization'] ?? '';
  const before = await page.request.get(`${server.url}/api/me`, { headers: { authorization } });
  expect(before.status()).toBe(200);
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Log out', exact: true }).click();
  await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
  const after = await page.request.get(`${server.url}/api/me`, { headers: { authorization } });
  expect(after.status()).toBe(401);
}
