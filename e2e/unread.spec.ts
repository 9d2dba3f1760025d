import { getMe } from '@teambrain/contract/auth.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { createSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { listUnread, putReadMark } from '@teambrain/contract/unread.ts';
import { expect, test, type Page } from '@playwright/test';
import { messages, signUp } from './people.ts';
import { callAs } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

/** More than are read before a space is shown. */
const MANY = 700;

let server: RunningServer;
test.use({ trace: 'off' });
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const side = (page: Page) => page.getByRole('navigation', { name: 'Main' });
const badge = (page: Page, space: string) =>
  side(page)
    .getByRole('link', { name: space })
    .getByRole('img', { name: /new message/ });
/** Everything of the space was read in this window; the others know within a second. */
async function isRead(reader: Page, windows: Page[], space: string) {
  await expect(badge(reader, space)).toHaveCount(0);
  await shows(windows, space, '');
}

/** What is unread is right in these windows, in the side bar and the title, within a second. */
async function shows(windows: Page[], space: string, count: string, total = count) {
  for (const page of windows) {
    if (count) await expect(badge(page, space)).toHaveText(count, { timeout: 1_000 });
    else await expect(badge(page, space)).toHaveCount(0, { timeout: 1_000 });
    const title = total ? new RegExp(`^\\(${total.replace('+', '\\+')}\\) `) : /^[^(]/;
    await expect(page).toHaveTitle(title, { timeout: 1_000 });
  }
}

test('unread counts are right in every window, and each leads to zero', async ({ browser }) => {
  test.setTimeout(240_000);
  const ada = await signUp(browser, server.url, 'Ada');
  const adas = await callAs(server.url, ada);
  await ada.context.close();
  const make = async (name: string) =>
    (await adas(createSpace, { body: { name, visibility: 'public' } })).id;
  const [harbour, pier] = [await make('Harbour'), await make('Pier')];
  const say = (spaceId: string, text: string) =>
    adas(postMessage, { params: { spaceId }, body: { text } });
  await say(harbour, 'Before Ben was here');

  const ben = await signUp(browser, server.url, 'Ben');
  const bens = await callAs(server.url, ben);
  const first = ben.page;
  const second = await ben.context.newPage();
  await second.goto(server.url);
  for (const spaceId of [harbour, pier]) await bens(joinSpace, { params: { spaceId }, body: {} });
  const both = [first, second];

  await test.step('a space joined elsewhere begins with nothing unread', async () => {
    for (const page of both)
      await expect(side(page).getByRole('link', { name: 'Pier' })).toBeVisible();
    await shows(both, 'Harbour', '');
  });

  await test.step('what comes is counted in both windows, and read in one is read in both', async () => {
    for (const n of [1, 2, 3]) await say(harbour, `Boat ${n}`);
    await shows(both, 'Harbour', '3');
    await side(first).getByRole('link', { name: 'Harbour' }).click();
    await expect(messages(first, 'Harbour').getByText('3 new messages')).toBeInViewport();
    await isRead(first, both, 'Harbour');
  });

  await test.step('marked unread stays unread, in the window that shows it too', async () => {
    await messages(first, 'Harbour').getByText('Boat 2').hover();
    await first.getByRole('button', { name: 'More actions' }).click();
    await first.getByRole('menuitem', { name: 'Mark unread from here' }).click();
    await shows(both, 'Harbour', '2');
    await expect(messages(first, 'Harbour').getByText('2 new messages')).toBeInViewport();
    await first.waitForTimeout(1_500);
    await shows(both, 'Harbour', '2');
    await side(second).getByRole('link', { name: 'Harbour' }).click();
    await expect(messages(second, 'Harbour').getByText('2 new messages')).toBeInViewport();
    await isRead(second, both, 'Harbour');
  });

  await test.step('of very many the first is where the space opens, and reading on leads to none', async () => {
    for (const page of both) await side(page).getByRole('link', { name: 'Home' }).click();
    for (let n = 1; n <= MANY; n += 1) await say(pier, `Wave ${n}`);
    await shows(both, 'Pier', '99+');
    await side(first).getByRole('link', { name: 'Pier' }).click();
    await expect(messages(first, 'Pier').getByText('99+ new messages')).toBeInViewport();
    await expect(messages(first, 'Pier').getByText('Wave 1', { exact: true })).toBeInViewport();
    await messages(first, 'Pier').focus();
    const last = messages(first, 'Pier').getByText(`Wave ${MANY}`, { exact: true });
    for (let turn = 0; turn < 200 && !(await last.isVisible()); turn += 1) {
      await first.keyboard.press('PageDown');
      await first.waitForTimeout(80);
    }
    await expect(last).toBeInViewport();
    await isRead(first, both, 'Pier');
  });

  await test.step('a jump to the end passes over the rest', async () => {
    await side(first).getByRole('link', { name: 'Home' }).click();
    for (let n = 1; n <= 120; n += 1) await say(pier, `Foam ${n}`);
    await side(second).getByRole('link', { name: 'Pier' }).click();
    await expect(messages(second, 'Pier').getByText('Foam 1', { exact: true })).toBeInViewport();
    await second
      .getByRole('button', { name: '99+ new messages' })
      .or(second.getByRole('button', { name: /new messages$/ }))
      .first()
      .click();
    await expect(messages(second, 'Pier').getByText('Foam 120')).toBeInViewport();
    await isRead(second, both, 'Pier');
  });

  await test.step('all is marked read at once, in one space or in all', async () => {
    for (const page of both) await side(page).getByRole('link', { name: 'Home' }).click();
    await say(harbour, 'Fog');
    await say(pier, 'Rain');
    await shows(both, 'Harbour', '1', '2');
    await side(first).getByRole('button', { name: 'Mark all spaces as read' }).click();
    await shows(both, 'Harbour', '');
    await shows(both, 'Pier', '');
    await expect(side(first).getByRole('button', { name: 'Mark all spaces as read' })).toBeHidden();
  });

  await test.step('one space is marked read by its own menu, and the others are not', async () => {
    await say(harbour, 'Mist');
    await say(pier, 'Hail');
    await shows(both, 'Harbour', '1', '2');
    await first.goto(`${server.url}/s/${harbour}/documents`);
    await first.getByRole('button', { name: 'More about this space' }).click();
    await first.getByRole('menuitem', { name: 'Mark all as read' }).click();
    await shows(both, 'Harbour', '', '1');
    await shows(both, 'Pier', '1');
    await first.getByRole('button', { name: 'More about this space' }).click();
    await expect(first.getByRole('menuitem', { name: 'Mark all as read' })).toBeDisabled();
    await first.keyboard.press('Escape');
    await side(first).getByRole('button', { name: 'Mark all spaces as read' }).click();
    await shows(both, 'Pier', '');
    await side(first).getByRole('link', { name: 'Home' }).click();
  });

  await test.step('after a window was cut off, its counts are those of now', async () => {
    await ben.context.setOffline(true);
    await say(harbour, 'While away');
    await first.waitForTimeout(500);
    await ben.context.setOffline(false);
    for (const page of both) await expect(badge(page, 'Harbour')).toHaveText('1');
  });

  await test.step('every count that is shown leads to zero', async () => {
    for (const name of ['Pier', 'Harbour']) await say(name === 'Pier' ? pier : harbour, 'Last');
    await shows(both, 'Pier', '1', '3');
    for (let left = 2; left > 0; left -= 1) {
      const next = side(second)
        .getByRole('link')
        .filter({ has: second.getByRole('img', { name: /new message/ }) })
        .first();
      await next.click();
      await expect(side(second).getByRole('img', { name: /new message/ })).toHaveCount(left - 1);
    }
    await shows(both, 'Pier', '');
    await shows(both, 'Harbour', '');
  });
});

test('what a browser kept of before the server did is taken over, once and where nothing is kept', async ({
  browser,
}) => {
  const cleo = await signUp(browser, server.url, 'Cleo');
  const dan = await signUp(browser, server.url, 'Dan');
  const [cleos, dans] = [await callAs(server.url, cleo), await callAs(server.url, dan)];
  const make = async (name: string) =>
    (await cleos(createSpace, { body: { name, visibility: 'public' } })).id;
  const [quay, dock] = [await make('Quay'), await make('Dock')];
  const say = (spaceId: string, text: string) =>
    cleos(postMessage, { params: { spaceId }, body: { text } });
  for (const spaceId of [quay, dock]) await dans(joinSpace, { params: { spaceId }, body: {} });
  const second = { quay: 0, dock: 0 };
  for (const n of [1, 2, 3]) {
    const [there, here] = [await say(quay, `Crate ${n}`), await say(dock, `Rope ${n}`)];
    if (n === 2) Object.assign(second, { quay: there.seq, dock: here.seq });
  }
  // In the dock the server has a mark already: the browser's older one does not count.
  await dans(putReadMark, { params: { spaceId: dock }, body: { seq: second.dock + 1 } });
  const { id } = await dans(getMe, {});
  const name = `teambrain-seen-${id}`;
  const { page } = dan;
  const seen = JSON.stringify({ [quay]: second.quay, [dock]: 0 });
  await page.evaluate(([key, value]) => localStorage.setItem(key ?? '', value ?? ''), [name, seen]);
  await page.reload();
  await expect(badge(page, 'Quay')).toHaveText('1');
  await expect(badge(page, 'Dock')).toHaveCount(0);
  expect(await page.evaluate((key) => localStorage.getItem(key), name)).toBe(null);
  const { items } = await dans(listUnread, {});
  expect(items.find(({ spaceId }) => spaceId === quay)).toMatchObject({ seq: second.quay });
});
