import { expect, test, type Page, type WebSocketRoute } from '@playwright/test';
import { createSpace, messages, say, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';
const CUT_MS = 60_000;

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('a window cut off for a minute misses nothing and loses nothing typed', async ({
  browser,
}) => {
  const ada = await signUp(browser, server.url, 'Ada');
  const ben = await signUp(browser, server.url, 'Ben');
  const link = await linkOf(ben.page);
  await ben.page.reload();
  await createSpace(ada.page, SPACE);
  await joinPublic(ben.page);
  await say(ada.page, SPACE, 'Before the storm.');
  await expect(messages(ben.page, SPACE).getByText('Before the storm.')).toBeVisible();

  const cutAt = Date.now();
  await link.cut();
  for (let n = 1; n <= 12; n += 1) await say(ada.page, SPACE, `Wave number ${n}.`);
  const typed = 'Typed without a line.';
  await ben.page.getByRole('textbox', { name: `Message ${SPACE}` }).fill(typed);
  await ben.page.keyboard.press('Enter');
  await expect(messages(ben.page, SPACE).getByText(typed)).toBeVisible();
  await ben.page.waitForTimeout(CUT_MS - (Date.now() - cutAt));
  await expect(messages(ben.page, SPACE).getByText('Wave number')).toHaveCount(0);
  await expect(messages(ada.page, SPACE).getByText(typed)).toHaveCount(0);

  await link.mend();
  const waves = messages(ben.page, SPACE).getByText(/^Wave number \d+\.$/);
  await expect(waves).toHaveCount(12, { timeout: 40_000 });
  const inOrder = Array.from({ length: 12 }, (_, i) => `Wave number ${i + 1}.`);
  expect(await waves.allTextContents()).toEqual(inOrder);
  await expect(messages(ada.page, SPACE).getByText(typed)).toHaveCount(1, { timeout: 40_000 });
  await expect(messages(ben.page, SPACE).getByText(typed)).toHaveCount(1);
});

async function joinPublic(page: Page) {
  await page.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await page.getByRole('button', { name: `Join ${SPACE}` }).click();
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(SPACE) })
    .click();
  await expect(page.getByRole('textbox', { name: `Message ${SPACE}` })).toBeVisible();
}

/** The page's line to the server: cut, requests fail and sockets end and do not come back. */
async function linkOf(page: Page) {
  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  await page.routeWebSocket(/\/api\/realtime$/, async (socket) => {
    if (isCut) return socket.close();
    socket.connectToServer();
    sockets.add(socket);
  });
  return {
    async cut() {
      isCut = true;
      await page.context().setOffline(true);
      await Promise.all([...sockets].map((socket) => socket.close()));
      sockets.clear();
    },
    async mend() {
      isCut = false;
      await page.context().setOffline(false);
    },
  };
}
