import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { listMessages } from '@teambrain/contract/chat.ts';
import { listScheduled, scheduleMessage } from '@teambrain/contract/scheduled.ts';
import { shareEncoder, useInstances } from '../../testing/instances.ts';
import { register } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, upTo } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

it('of several instances one sends each message, and windows at the others hear of it', async () => {
  const url = sharedRedisUrl();
  const [a, b, c] = (await useInstances([url, url, url], shared.encoder)) as [
    TestApp,
    TestApp,
    TestApp,
  ];
  const ana = await register(a.url, 'Ana');
  const space = await createSpace(ana);
  const socket = await openSocket(c.url, ana);
  const params = { spaceId: space };
  const sendAt = new Date(Date.now() + 8_000).toISOString();
  for (const n of upTo(30)) {
    await ana.call(scheduleMessage, { params, body: { text: `message ${n}`, sendAt } });
  }
  await new Promise((resolve) => setTimeout(resolve, Date.parse(sendAt) - Date.now() + 50));
  await Promise.all([a, b, c].map((app) => app.jobs.runDue()));
  const left = async () => (await ana.call(listScheduled, {})).items.length;
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  const { items } = await ana.call(listMessages, { params, query: { limit: 100 } });
  expect(items.map(({ text }) => text).sort()).toEqual(
    upTo(30)
      .map((n) => `message ${n}`)
      .sort(),
  );
  await vi.waitFor(
    () => expect(socket.of('own').map(({ what }) => what)).toContain('drafts'),
    10_000,
  );
});
