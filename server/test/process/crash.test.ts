import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents, type SpaceEvent } from '@teambrain/contract/log.ts';
import { search } from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { newId } from '../../src/platform/core/id.ts';
import { send } from '../../src/testing/http.ts';
import { callAs } from '../../src/testing/people.ts';
import {
  newDataFolder,
  startServer,
  type ServerProcess,
} from '../../src/testing/server-process.ts';
import { upTo } from '../../src/testing/space.ts';

const KILLS = Number(process.env['TEAMBRAIN_KILLS'] ?? 8);
const WRITERS = 6;
const PASSWORD = 'a password that survives';

interface Sent {
  id: string;
  text: string;
  /** What the server answered; null while unknown. */
  seq: number | null;
}

/** Each person comes from an address of their own, so that the limits on sign-in leave them alone. */
async function signIn(server: ServerProcess, route: 'register' | 'login', n: number) {
  const body = { email: `writer.${n}@example.org`, password: PASSWORD };
  const reply = await send(server.url, `POST /auth/${route}`, {
    body: route === 'register' ? { ...body, name: `Writer ${n}` } : body,
    headers: {
      'x-forwarded-for': `10.${Math.floor(Math.random() * 250)}.${n}.${Date.now() % 250}`,
    },
  });
  const token = reply.json<SignedIn>().accessToken;
  return { token, call: callAs(server.url, token) };
}
type Call = Awaited<ReturnType<typeof signIn>>['call'];

const signAllIn = (server: ServerProcess, route: 'register' | 'login'): Promise<Call[]> =>
  Promise.all(upTo(WRITERS).map(async (n) => (await signIn(server, route, n)).call));

/** Writes until the server is gone; what has no answer is noted as unknown. */
async function write(call: Call, spaceId: string, sent: Sent[], prefix: string): Promise<void> {
  for (let n = 0; ; n += 1) {
    const one: Sent = { id: newId(), text: `${prefix} ${n}`, seq: null };
    sent.push(one);
    try {
      const body = { id: one.id, text: one.text };
      one.seq = (await call(chat.postMessage, { params: { spaceId }, body })).seq;
    } catch (error) {
      const { status } = error as { status?: number };
      if (status !== 429) return;
      sent.pop();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function readLog(call: Call, spaceId: string): Promise<SpaceEvent[]> {
  const log: SpaceEvent[] = [];
  for (;;) {
    const query = { after: String(log.length), limit: 200 };
    const page = await call(listEvents, { params: { spaceId }, query });
    log.push(...page.items);
    if (page.next === null) return log;
  }
}

/** What was acknowledged is in its place, unknown ones once or not at all, and the log has no gap. */
function check(log: SpaceEvent[], sent: Sent[]): { lost: Sent[]; doubled: Sent[] } {
  expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
  const found = new Map<string, { text: string; seq: number }[]>();
  for (const event of log) {
    if (event.type !== 'message.posted') continue;
    const { id, text } = event.data.message;
    found.set(id, [...(found.get(id) ?? []), { text, seq: event.seq }]);
  }
  const isThere = ({ id, text, seq }: Sent) =>
    found.get(id)?.some((one) => one.text === text && one.seq === seq) ?? false;
  return {
    lost: sent.filter((one) => one.seq !== null && !isThere(one)),
    doubled: sent.filter(({ id }) => (found.get(id)?.length ?? 0) > 1),
  };
}

describe('kill -9 under writes', () => {
  it(
    `loses nothing that was acknowledged, ${KILLS} times over, and a retry writes once`,
    { timeout: 60_000 + KILLS * 30_000 },
    async () => {
      const env = { DATA_DIR: newDataFolder(), TRUSTED_PROXIES: '127.0.0.1' };
      let server = startServer(env);
      await server.ready();
      const [first, ...others] = await signAllIn(server, 'register');
      if (!first) throw new Error('there are writers');
      const body = { name: 'Survivors', visibility: 'public' } as const;
      const { id: spaceId } = await first(spaces.createSpace, { body });
      for (const call of others) await call(spaces.joinSpace, { params: { spaceId }, body: {} });

      const sent: Sent[] = [];
      let calls = [first, ...others];
      for (const round of upTo(KILLS)) {
        const writing = calls.map((call, n) =>
          write(call, spaceId, sent, `round ${round} by ${n}`),
        );
        await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 700));
        server.kill('SIGKILL');
        await Promise.all([...writing, server.ended()]);

        server = startServer(env);
        await server.ready();
        calls = await signAllIn(server, 'login');
        const [reader = first] = calls;
        expect(check(await readLog(reader, spaceId), sent)).toEqual({ lost: [], doubled: [] });

        // Each writer sends what got no answer again, as its client would.
        await Promise.all(
          calls.map(async (call, n) => {
            const mine = `round ${round} by ${n} `;
            for (const one of sent.filter(
              ({ seq, text }) => seq === null && text.startsWith(mine),
            )) {
              const again = { id: one.id, text: one.text };
              one.seq = (await call(chat.postMessage, { params: { spaceId }, body: again })).seq;
            }
          }),
        );
        expect(check(await readLog(reader, spaceId), sent)).toEqual({ lost: [], doubled: [] });
      }
      expect(sent.length).toBeGreaterThan(KILLS * WRITERS);

      const [reader = first] = calls;
      const marker = 'xylophone';
      const params = { spaceId };
      await reader(chat.postMessage, { params, body: { text: `the ${marker} comes last` } });
      await vi.waitFor(
        async () => {
          const { items } = await reader(search, { query: { q: marker } });
          expect(items[0]?.snippet).toBe(`the ${marker} comes last`);
        },
        { timeout: 60_000, interval: 200 },
      );
      server.kill('SIGTERM');
      expect(await server.ended()).toBe(0);
    },
  );
});

describe('a stop by SIGINT', { timeout: 180_000 }, () => {
  it('ends with 0 and leaves a folder that starts again with everything in it', async () => {
    const env = { DATA_DIR: newDataFolder() };
    const first = startServer(env);
    await first.ready();
    const { call, token } = await signIn(first, 'register', 1);
    const { id } = await call(spaces.createSpace, {
      body: { name: 'Kept', visibility: 'public' },
    });
    first.kill('SIGINT');
    expect(await first.ended()).toBe(0);
    expect(first.output).toContain('SIGINT: stopping');

    const other = createServer().listen(0, '127.0.0.1');
    await vi.waitUntil(() => other.listening);
    const { port } = other.address() as AddressInfo;
    const refused = startServer({ ...env, PORT: String(port) });
    expect(await refused.ended()).toBe(1);
    expect(refused.output).toContain('The port is in use');
    other.close();

    const second = startServer(env);
    await second.ready();
    // The secret lies in the folder: who was signed in still is.
    const reader = callAs(second.url, token);
    expect((await reader(spaces.getSpace, { params: { spaceId: id } })).name).toBe('Kept');
    second.kill('SIGINT');
    expect(await second.ended()).toBe(0);
  });
});

describe('an environment that cannot be used', { timeout: 180_000 }, () => {
  const good = 'Zm9yIHRlc3RzIG9ubHksIGJ1dCBsb25nIGVub3VnaCBmb3I=';
  const cases: [string, Record<string, string>, RegExp][] = [
    ['an empty SECRET', { SECRET: '' }, /SECRET is set but empty/],
    ['a short SECRET', { SECRET: 'short' }, /SECRET must be at least 32/],
    ['DATABASE_URL without SECRET', { DATABASE_URL: 'postgres://db/x' }, /SECRET is required/],
    ['an empty DATABASE_URL', { DATABASE_URL: '', SECRET: good }, /DATABASE_URL is set but empty/],
    ['a BASE_URL that is none', { BASE_URL: 'brain.example.org' }, /BASE_URL/],
    ['a PORT that is none', { PORT: '70000' }, /PORT/],
  ];

  it('stops the start with a message that names the setting', async () => {
    const data = newDataFolder();
    for (const pair of [cases.slice(0, 2), cases.slice(2, 4), cases.slice(4)]) {
      const servers = pair.map(([, env]) => startServer({ DATA_DIR: data, ...env }));
      for (const [index, server] of servers.entries()) {
        const [what, , message] = pair[index] ?? ['', {}, /never/];
        expect(await server.ended(), what).toBe(1);
        expect(server.output, what).toMatch(message);
        expect(server.output, what).not.toMatch(/\n\s+at /);
      }
    }
  });
});
