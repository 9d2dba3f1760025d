import { createEntry } from '@teambrain/contract/knowledge.ts';
import { createSpace as createSpaceCall, joinSpace } from '@teambrain/contract/spaces.ts';
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import { createSpace, signUp } from './people.ts';
import { callAs } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';
const LONG = Array.from({ length: 120 }, (_, n) => `Line ${n} of the rules.`).join('\n\n');

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Ada wrote a long document; Ben opens it in a browser without a live connection, which polls. */
async function twoReaders(browser: Browser, names: [string, string]): Promise<[Page, Page]> {
  const ada = await signUp(browser, server.url, names[0]);
  const ben = await signUp(browser, server.url, names[1]);
  const space = `${SPACE} of ${names[0]}`;
  await createSpace(ada.page, space);
  await ada.page
    .getByRole('navigation', { name: 'Space' })
    .getByRole('link', { name: 'Documents' })
    .click();
  await ada.page.getByRole('link', { name: 'New document' }).first().click();
  const form = ada.page.getByRole('form', { name: 'New document' });
  await form.getByLabel('Title').fill('Rules');
  await form.getByLabel('Text', { exact: true }).fill(LONG);
  await form.getByRole('button', { name: 'Create document' }).click();
  await expect(ada.page.getByRole('heading', { name: 'Rules', level: 2 })).toBeVisible();
  await ben.page.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await ben.page.getByRole('button', { name: `Join ${space}` }).click();
  // An event reaches him seconds later: until then the server has to refuse.
  await ben.page.routeWebSocket(/\/api\/realtime$/, (socket) => socket.close());
  await ben.page.goto(ada.page.url());
  await expect(ben.page.getByRole('heading', { name: 'Rules', level: 2 })).toBeVisible();
  return [ada.page, ben.page];
}

const editor = (page: Page) => page.getByRole('form', { name: 'Edit document' });
const note = (page: Page) =>
  page.getByRole('group', { name: 'Someone changed this in the meantime' });

async function change(page: Page, how: { title?: string; text?: string }) {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  if (how.title !== undefined) await editor(page).getByLabel('Title').fill(how.title);
  if (how.text !== undefined) {
    await editor(page).getByLabel('Text', { exact: true }).fill(how.text);
  }
}

/** Where polling brought the newer version before, the button says so. */
const save = (page: Page) =>
  editor(page)
    .getByRole('button', { name: /^(Save|See both versions)$/ })
    .click();

test('a conflict is shown where one saves, with both texts, and loses nothing', async ({
  browser,
}) => {
  const [ada, ben] = await twoReaders(browser, ['Ada', 'Ben']);
  await change(ben, { text: `Ben’s words.\n\n${LONG}` });
  await change(ada, { text: `Ada’s words.\n\n${LONG}` });
  await save(ada);
  await expect(editor(ada)).toBeHidden();
  await save(ben);
  await expect(note(ben)).toBeFocused();
  await expect(note(ben)).toBeInViewport();
  await expect(note(ben).getByRole('alert')).toContainText('Ada saved version 2');
  await expect(note(ben).getByLabel('Your text')).toHaveValue(/^Ben’s words\./);
  await expect(note(ben).getByLabel('Their text')).toHaveValue(/^Ada’s words\./);

  // It outlives a reload, and a choice can be taken back.
  await note(ben).getByRole('button', { name: 'Use theirs' }).click();
  await expect(note(ben).getByLabel('Your text')).toHaveValue(/^Ada’s words\./);
  await ben.reload();
  await ben.getByRole('button', { name: 'Go on editing' }).click();
  await note(ben).getByRole('button', { name: 'Back to mine' }).click();
  await expect(note(ben).getByLabel('Your text')).toHaveValue(/^Ben’s words\./);
  await note(ben).getByRole('button', { name: 'Put theirs below mine' }).click();
  await note(ben).getByLabel('Your text').fill('Ben’s words and Ada’s words.');
  await note(ben).getByRole('button', { name: 'Save this' }).click();
  await expect(ben.getByRole('article')).toContainText('Ben’s words and Ada’s words.');
  await expect(ada.getByRole('article')).toContainText('Ben’s words and Ada’s words.');
});

test('changes of different parts are put together', async ({ browser }) => {
  const [ada, ben] = await twoReaders(browser, ['Cleo', 'Dan']);
  await change(ben, { text: 'Short rules.' });
  await change(ada, { title: 'Harbour rules' });
  await save(ada);
  await expect(editor(ada)).toBeHidden();
  await save(ben);
  await expect(note(ben).getByRole('alert')).toContainText('You changed different parts');
  await note(ben).getByRole('button', { name: 'Save both together' }).click();
  await expect(ben.getByRole('heading', { name: 'Harbour rules', level: 2 })).toBeVisible();
  await expect(ben.getByRole('article')).toContainText('Short rules.');
});

test('a decision’s conflict is about its part alone', async ({ browser }) => {
  const ada = await signUp(browser, server.url, 'Eva');
  const ben = await signUp(browser, server.url, 'Fin');
  const [asAda, asBen] = await Promise.all([callAs(server.url, ada), callAs(server.url, ben)]);
  const space = await asAda(createSpaceCall, { body: { name: 'Council', visibility: 'public' } });
  const params = { spaceId: space.id };
  await asBen(joinSpace, { params, body: {} });
  const decision = { context: 'Two boats.', options: '', outcome: 'Buy one.', consequences: '' };
  const { id } = await asAda(createEntry, {
    params,
    body: { kind: 'decision', title: 'Boats', decision },
  });
  // An event reaches him seconds later: until then the server has to refuse.
  await ben.page.routeWebSocket(/\/api\/realtime$/, (socket) => socket.close());
  const forms = [ada.page, ben.page].map((page) => page.getByRole('form', { name: /^Edit/ }));
  for (const { page } of [ada, ben]) {
    await page.goto(`${server.url}/s/${space.id}/e/${id}`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
  }
  const [adas, bens] = forms as [Locator, Locator];
  await adas.getByLabel('Outcome').fill('Buy two.');
  await adas.getByLabel('Consequences').fill('A second mooring.');
  await bens.getByLabel('Outcome').fill('Buy none.');
  await bens.getByLabel('Context').fill('Two old boats.');
  await adas.getByRole('button', { name: 'Save' }).click();
  await expect(adas).toBeHidden();
  await bens.getByRole('button', { name: /^(Save|See both versions)$/ }).click();
  await expect(note(ben.page).getByLabel('Your outcome')).toHaveValue('Buy none.');
  await expect(note(ben.page).getByLabel('Their outcome')).toHaveValue('Buy two.');
  await expect(note(ben.page).getByLabel('Your context')).toBeHidden();
  await note(ben.page).getByRole('button', { name: 'Save this' }).click();
  const page = ben.page.getByRole('article');
  for (const words of ['Two old boats.', 'Buy none.', 'A second mooring.']) {
    await expect(page).toContainText(words);
  }
});
