import { expect, test } from '@playwright/test';
import { createSpace, messages, say, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('without sockets messages come by polling, and the banner says what works', async ({
  browser,
}) => {
  const ada = await signUp(browser, server.url, 'Ada');
  const ben = await signUp(browser, server.url, 'Ben');
  await createSpace(ada.page, SPACE);
  let isBlocked = true;
  await ben.page.routeWebSocket(/\/api\/realtime$/, (socket) => {
    if (isBlocked) return socket.close();
    socket.connectToServer();
  });
  let polls = 0;
  ben.page.on('request', (request) => {
    if (request.url().includes('/api/spaces?joined=true')) polls += 1;
  });
  await ben.page.reload();
  await ben.page.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await ben.page.getByRole('button', { name: `Join ${SPACE}` }).click();
  await ben.page.goto(ada.page.url());
  const banner = ben.page.locator('[data-connection]');
  await expect(banner).toHaveText(/^Live connection blocked – new messages still arrive/);

  const sentAt = Date.now();
  await say(ada.page, SPACE, 'Can you hear me?');
  await expect(messages(ben.page, SPACE).getByText('Can you hear me?')).toBeVisible({
    timeout: 60_000,
  });
  test.info().annotations.push({ type: 'arrived after', description: `${Date.now() - sentAt} ms` });
  await say(ben.page, SPACE, 'Loud and clear.');
  await expect(messages(ada.page, SPACE).getByText('Loud and clear.')).toBeVisible();
  await expect(messages(ben.page, SPACE).getByText('Loud and clear.')).toHaveCount(1);

  await ben.page.route('**/api/**', (route) => route.abort());
  await expect(banner).toHaveText(/^Offline – nothing new arrives/, { timeout: 30_000 });
  await ben.page.unroute('**/api/**');
  await expect(banner).toHaveText(/^Live connection blocked/, { timeout: 60_000 });

  isBlocked = false;
  await expect(banner).toBeHidden({ timeout: 60_000 });
  const before = polls;
  await say(ada.page, SPACE, 'And now?');
  await expect(messages(ben.page, SPACE).getByText('And now?')).toBeVisible();
  await ben.page.waitForTimeout(6_000);
  // Nothing is polled any more.
  expect(polls - before).toBe(0);
});
