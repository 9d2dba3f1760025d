import { expect, test, type Locator, type Page } from '@playwright/test';
import { createSpace, messages, say, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';
const LONG =
  'The supply boat brings forty litres of weatherproof paint, nine cans of oil, two brushes and a ladder, and it leaves again before the tide turns, so whoever wants to send letters has to be at the pier by noon.';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const boxOf = async (item: Locator) => {
  const box = await item.boundingBox();
  if (!box) throw new Error('It is not shown');
  return box;
};

test('a message has its final place and size at once, and one row of chrome above it', async ({
  browser,
}) => {
  const { page } = await signUp(browser, server.url, 'Ada');
  await createSpace(page, SPACE);
  await say(page, SPACE, 'Before.');
  await test.step('the row of a message keeps its size and place when it is sent', () =>
    send(page));
  await test.step('lines have at most 90 characters', () => lines(page));
  await test.step('the header is one row of 48 px', async () => {
    expect((await boxOf(page.locator('header'))).height).toBe(48);
  });
  await test.step('the side bar is resized and collapsed by keyboard, and stays so', () =>
    resize(page));
  await test.step('the tree of documents is resized, and stays so', () => resizeTree(page));
  await test.step('at 360 px at most 96 px of bars lie above the messages', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const list = await boxOf(messages(page, SPACE));
    expect(list.y).toBeLessThanOrEqual(96);
  });
});

async function send(page: Page) {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/messages', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  await page.getByRole('textbox', { name: `Message ${SPACE}` }).fill('On its way.');
  await page.keyboard.press('Enter');
  const row = messages(page, SPACE).getByRole('article').filter({ hasText: 'On its way.' });
  await expect(row).toHaveAccessibleName('Message being sent');
  const before = await boxOf(row);
  await expect(row.getByText('Sending')).toBeVisible();
  expect(await boxOf(row)).toEqual(before);
  const drawn = await row.elementHandle();
  letGo();
  await expect(row).toHaveAccessibleName(/^Message from Ada/);
  await expect(row.getByText('Sending')).toBeHidden();
  expect(await boxOf(row)).toEqual(before);
  expect(await drawn?.evaluate((one) => one.isConnected)).toBe(true);
  await page.unroute('**/messages');
}

async function lines(page: Page) {
  await say(page, SPACE, LONG);
  const paragraph = messages(page, SPACE).locator('p', { hasText: 'supply boat' });
  const longest = await paragraph.evaluate((one) => {
    const text = one.firstChild;
    if (!text) return 0;
    const counts = new Map<number, number>();
    for (let at = 0; at < (text.textContent ?? '').length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const { top } = range.getBoundingClientRect();
      counts.set(top, (counts.get(top) ?? 0) + 1);
    }
    return Math.max(...counts.values());
  });
  expect(longest).toBeGreaterThan(60);
  expect(longest).toBeLessThanOrEqual(91);
}

async function resizeTree(page: Page) {
  const url = page.url();
  await page
    .getByRole('navigation', { name: 'Space' })
    .getByRole('link', { name: 'Documents' })
    .click();
  await page.getByRole('link', { name: 'New document' }).first().click();
  await page.getByRole('form', { name: 'New document' }).getByLabel('Title').fill('Tides');
  await page.getByRole('button', { name: 'Create document' }).click();
  const tree = page.getByRole('navigation', { name: 'Documents' });
  const edge = page.getByRole('separator', { name: 'Width of the list of documents' });
  const { width } = await boxOf(tree);
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await boxOf(tree)).width).toBe(width + 16);
  await page.reload();
  await expect.poll(async () => (await boxOf(tree)).width).toBe(width + 16);
  await page.goto(url);
}

async function resize(page: Page) {
  const bar = page.getByRole('navigation', { name: 'Main' });
  const edge = page.getByRole('separator', { name: 'Width of the side bar' });
  const { width } = await boxOf(bar);
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(edge).toHaveAttribute('aria-valuenow', String(width + 32));
  await page.reload();
  await expect(edge).toHaveAttribute('aria-valuenow', String(width + 32));
  expect((await boxOf(bar)).width).toBe(width + 32);
  await page.getByRole('button', { name: 'Collapse the side bar' }).click();
  await expect(bar.getByRole('link', { name: SPACE })).toBeVisible();
  expect((await boxOf(bar)).width).toBeLessThan(64);
  await page.reload();
  await page.getByRole('button', { name: 'Expand the side bar' }).click();
  expect((await boxOf(bar)).width).toBe(width + 32);
}
