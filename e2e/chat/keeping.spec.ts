import { expect, test, type Page } from '@playwright/test';
import { judge } from '../judge.ts';
import { createSpace, messages, say, signUp, type Visitor } from '../people.ts';
import { callAs, loadTeam } from '../sample.ts';
import { startServer, type RunningServer } from '../server.ts';

const SPACE = 'Harbour';

let server: RunningServer;
let ada: Visitor;
let ben: Visitor;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  ada = await signUp(browser, server.url, 'Ada');
  await loadTeam(await callAs(server.url, ada));
  ben = await signUp(browser, server.url, 'Ben');
  await createSpace(ada.page, SPACE);
  await ben.page.goto(ada.page.url());
  await ben.page
    .getByRole('button', { name: `Join ${SPACE}` })
    .first()
    .click();
  await say(ada.page, SPACE, 'The harbour master is reached at extension 12');
});
test.afterAll(() => server.stop());

const row = (page: Page, text: string) =>
  messages(page, SPACE).getByRole('article').filter({ hasText: text });
const pinned = (page: Page) => page.getByRole('complementary', { name: 'Pinned messages' });
const side = (page: Page) => page.getByRole('navigation', { name: 'Main' });

async function act(page: Page, text: string, button: string, item: string) {
  await row(page, text).hover();
  await row(page, text).getByRole('button', { name: button }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a pinned message is marked in every window and listed beside the chat until it is unpinned', async () => {
  await act(ada.page, 'extension 12', 'More actions', 'Pin for everyone');
  for (const { page } of [ada, ben]) {
    await expect(row(page, 'extension 12').getByText('Pinned by Ada')).toBeVisible();
  }
  await ben.page.getByRole('button', { name: 'Pinned messages' }).click();
  await expect(pinned(ben.page).getByText('extension 12')).toBeVisible();
  await judge(ben.page, 'pinned messages');
  await pinned(ben.page).getByRole('link', { name: 'Show in chat' }).click();
  await expect(ben.page).toHaveURL(/message=/);
  await pinned(ben.page).getByRole('button', { name: 'Unpin' }).click();
  await expect(pinned(ben.page).getByText('Nothing is pinned yet')).toBeVisible();
  for (const { page } of [ada, ben]) {
    await expect(messages(page, SPACE).getByText('Pinned by Ada')).toHaveCount(0);
  }
  await ben.page.keyboard.press('Escape');
});

test('what is saved for later is counted in every window, listed by its date, and done with a click', async () => {
  const other = await ben.context.newPage();
  await other.goto(`${server.url}/saved`);
  await expect(other.getByText('Nothing is saved')).toBeVisible();
  await judge(other, 'saved empty');
  await act(ben.page, 'extension 12', 'Save for later', 'Tomorrow');
  for (const page of [ben.page, other])
    await expect(side(page).getByLabel('1 saved')).toBeVisible();
  const later = other.getByRole('region', { name: 'Later' });
  await expect(later.getByText('extension 12')).toBeVisible();
  await expect(later.getByText(/^Tomorrow/)).toBeVisible();
  await judge(other, 'saved');
  await later.getByRole('link').click();
  await expect(row(other, 'extension 12')).toBeInViewport();
  await row(other, 'extension 12').hover();
  await row(other, 'extension 12').getByRole('button', { name: 'Saved for later' }).click();
  await other.getByRole('menuitem', { name: 'Done' }).click();
  for (const page of [ben.page, other]) {
    await expect(side(page).getByLabel('1 saved')).toHaveCount(0);
  }
  await other.close();
});

test('a quoted message is shown with the answer, and empties when it is deleted', async () => {
  await say(ada.page, SPACE, 'The ferry leaves at nine');
  await act(ben.page, 'The ferry leaves', 'More actions', 'Quote in a message');
  const quoting = ben.page.getByRole('group', { name: 'Quoted message' });
  await expect(quoting).toContainText('The ferry leaves at nine');
  await ben.page.getByRole('textbox', { name: `Message ${SPACE}` }).fill('Are you sure?');
  await ben.page.reload();
  await expect(quoting).toContainText('The ferry leaves at nine');
  await ben.page.getByRole('textbox', { name: `Message ${SPACE}` }).press('Enter');
  await expect(quoting).toBeHidden();
  const quoted = (page: Page) =>
    row(page, 'Are you sure?').getByRole('link', { name: 'Quoted message from Ada' });
  for (const { page } of [ada, ben]) {
    await expect(quoted(page)).toContainText('The ferry leaves at nine');
  }
  // Away from a button that would say what it does.
  await ada.page.mouse.move(0, 0);
  await judge(ada.page, 'quoted message');
  const source = messages(ada.page, SPACE)
    .getByRole('article')
    .filter({ hasText: 'The ferry leaves at nine', hasNotText: 'Are you sure?' });
  await source.hover();
  await source.getByRole('button', { name: 'Delete message' }).click();
  await source.getByRole('button', { name: 'Delete', exact: true }).click();
  for (const { page } of [ada, ben]) {
    await expect(row(page, 'Are you sure?')).toContainText('The quoted message was deleted');
  }
});

test('a message is forwarded to another space, with words or without', async () => {
  const { page } = ada;
  await act(page, 'extension 12', 'More actions', 'Forward');
  const form = page.getByRole('form', { name: 'Forward message' });
  await judge(page, 'forward message');
  await form.getByRole('button', { name: 'Forward' }).click();
  await expect(form.getByLabel('Space')).toHaveAccessibleDescription('Choose a space');
  await form.getByLabel('Space').selectOption({ label: 'Engineering' });
  await form.getByRole('button', { name: 'Forward' }).click();
  await expect(form).toBeHidden();
  await side(page).getByRole('link', { name: 'Engineering' }).click();
  const last = messages(page, 'Engineering').getByRole('article').last();
  await expect(last.getByRole('link', { name: 'Quoted message from Ada' })).toContainText(
    'extension 12',
  );
  await last.getByRole('link', { name: 'Quoted message from Ada' }).click();
  await expect(row(page, 'extension 12')).toBeInViewport();
});

test('a chat jumps to a day, and back to its latest message', async () => {
  const { page } = ada;
  await side(page).getByRole('link', { name: 'Engineering' }).click();
  const list = messages(page, 'Engineering');
  const last = list.getByRole('article').last();
  await expect(last).toBeInViewport();
  const words = await last.innerText();
  const jump = async (to: string) => {
    await page.locator('[data-tip="Jump to a date"]').first().click();
    await page.getByRole('menuitem', { name: to }).click();
  };
  await jump('The beginning');
  await expect(page.getByText('This is where Engineering begins')).toBeInViewport();
  await jump('Choose a date');
  const form = page.getByRole('form', { name: 'Jump to a date' });
  await form.getByRole('button', { name: 'Jump' }).click();
  await expect(form.getByText('Choose a date', { exact: true })).toBeVisible();
  const day = new Date(Date.now() - 5 * 86_400_000);
  const local = new Date(day.getTime() - day.getTimezoneOffset() * 60_000);
  await form.getByLabel('Date').fill(local.toISOString().slice(0, 10));
  await form.getByRole('button', { name: 'Jump' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText('This is where Engineering begins')).not.toBeInViewport();
  const first = list.getByRole('article').first();
  await expect(first).toBeVisible();
  await page.getByRole('button', { name: 'More about this space' }).click();
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  const isOnTop = await menu.evaluate((list) => {
    const { left, top } = list.getBoundingClientRect();
    return list.contains(document.elementFromPoint(left + 20, top + 20));
  });
  expect(isOnTop, 'the menu lies above the day at the top of the list').toBe(true);
  await page.keyboard.press('Escape');
  await jump('Latest');
  await expect(list.getByRole('article').last()).toBeInViewport();
  await expect(list.getByRole('article').last()).toHaveText(words, { useInnerText: true });
});
