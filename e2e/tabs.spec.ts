import { expect, test } from '@playwright/test';
import { signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('five tabs of one browser without locks, opened again and again, stay signed in', async ({
  browser,
}) => {
  const { page, context } = await signUp(browser, server.url, 'Tess');
  // As over plain HTTP from another machine, where browsers offer no locks.
  await context.addInitScript(() => {
    delete (Navigator.prototype as { locks?: unknown }).locks;
  });
  const statuses: number[] = [];
  context.on('response', (response) => {
    if (response.url().endsWith('/api/auth/refresh')) statuses.push(response.status());
  });
  const others = [1, 2, 3, 4].map(() => context.newPage());
  const tabs = [page, ...(await Promise.all(others))];
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(tabs.map((tab) => tab.goto(server.url)));
    for (const tab of tabs) {
      await expect(tab.getByRole('navigation', { name: 'Main' })).toBeVisible();
    }
  }
  expect(await page.evaluate(() => 'locks' in navigator)).toBe(false);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(50);
});
