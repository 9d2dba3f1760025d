import { expect, it, vi } from 'vitest';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import { listMessages } from '@teambrain/contract/chat.ts';
import { listScheduled, scheduleMessage } from '@teambrain/contract/scheduled.ts';
import { createSpace } from '@teambrain/contract/spaces.ts';
import { newId } from '../../src/platform/core/id.ts';
import { send } from '../../src/testing/http.ts';
import { callAs } from '../../src/testing/people.ts';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { upTo } from '../../src/testing/space.ts';

const MESSAGES = 60;
const KILLS = 6;

/** Of what was posted again and again, each message is there once. */
it(
  'scheduled messages go once each, although the process is killed while it sends them',
  { timeout: 300_000 },
  async () => {
    const env = { DATA_DIR: newDataFolder(), LIMITS: 'write=1000/60,write.burst=1000/5' };
    let server = startServer(env);
    await server.ready();
    const body = { email: 'ada@example.org', password: 'a password that survives', name: 'Ada' };
    const reply = await send(server.url, 'POST /auth/register', { body });
    const { accessToken } = reply.json<SignedIn>();
    let call = callAs(server.url, accessToken);
    const { id: spaceId } = await call(createSpace, {
      body: { name: 'Later', visibility: 'public' },
    });
    const params = { spaceId };
    const ids = upTo(MESSAGES).map(() => newId());
    const sendAt = new Date(Date.now() + 6_000).toISOString();
    for (const [n, id] of ids.entries()) {
      await call(scheduleMessage, { params, body: { id, text: `message ${n}`, sendAt } });
    }
    const texts = async () => {
      const page = await call(listMessages, { params, query: { limit: 200 } });
      return page.items.map(({ text }) => text);
    };
    await new Promise((resolve) => setTimeout(resolve, Date.parse(sendAt) - Date.now()));

    const seen: number[] = [];
    for (const _ of upTo(KILLS)) {
      const before = (await texts()).length;
      // Some of them have gone, and the next ones are on their way.
      await vi.waitFor(async () => expect((await texts()).length).toBeGreaterThan(before), {
        timeout: 60_000,
        interval: 5,
      });
      server.kill('SIGKILL');
      await server.ended();
      server = startServer(env);
      await server.ready();
      call = callAs(server.url, accessToken);
      seen.push((await texts()).length);
      if (seen.at(-1) === MESSAGES) break;
    }
    await vi.waitFor(async () => expect((await call(listScheduled, {})).items).toEqual([]), {
      timeout: 90_000,
      interval: 250,
    });
    const all = await texts();
    expect(all).toHaveLength(MESSAGES);
    expect(new Set(all).size).toBe(MESSAGES);
    // It was killed in the middle, not before or after.
    expect(seen.some((count) => count > 0 && count < MESSAGES)).toBe(true);
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
  },
);
