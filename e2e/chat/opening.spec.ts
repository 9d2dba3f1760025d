import { expect, test, type Page } from '@playwright/test';
import { createSpace, messages, say, signUp, type Visitor } from '../people.ts';
import { startServer, type RunningServer } from '../server.ts';

const SPACE = 'Harbour';
/** Bytes of gzipped JavaScript, and files, that are loaded before the messages of an address show. */
const MOST = { bytes: 250_000, files: 20 };

let server: RunningServer;
let ada: Visitor;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  ada = await signUp(browser, server.url, 'Ada');
  await createSpace(ada.page, SPACE);
  await say(ada.page, SPACE, 'The harbour master is reached at extension 12');
});
test.afterAll(() => server.stop());

const row = (page: Page) => messages(page, SPACE).getByRole('article').last();

test('a chat that is opened for the first time loads at most 250 KB of gzipped JavaScript', async () => {
  const page = await ada.context.newPage();
  const network = await ada.context.newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Map<string, string>();
  const bytes = new Map<string, number>();
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, response.url);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes.set(requestId, encodedDataLength);
  });
  await page.goto(ada.page.url());
  await expect(row(page)).toContainText('extension 12');
  const loaded = [...scripts].map(([id, url]) => ({ url, bytes: bytes.get(id) ?? 0 }));
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.length).toBeLessThanOrEqual(MOST.files);
  expect(loaded.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThanOrEqual(MOST.bytes);
  await page.close();
});

test('menus and reactions open by keys, give the focus back, and buttons say what they do', async () => {
  const { page } = ada;
  await row(page).hover();
  const more = row(page).getByRole('button', { name: 'More actions' });
  await more.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await expect(more).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(more).toBeFocused();

  await row(page).focus();
  await page.keyboard.press('+');
  const usual = page.getByRole('group', { name: 'Usual reactions' });
  await expect(usual.getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row(page).getByRole('button', { name: /^👍/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );

  await row(page).getByRole('button', { name: /^👍/ }).hover();
  await expect(page.getByRole('tooltip')).toHaveText('You reacted with 👍');
  await page.mouse.move(0, 0);
  await expect(page.getByRole('tooltip')).toHaveCount(0);
});
