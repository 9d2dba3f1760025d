import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createCookieFetch } from '@teambrain/client/cookie-fetch.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Holds back what is sent next, until it is told to let it go. */
function holdNext(): () => void {
  const send = globalThis.fetch;
  let letGo = () => undefined as void;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  vi.stubGlobal('fetch', async (request: Request) => {
    vi.stubGlobal('fetch', send);
    await gone;
    return send(request);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return letGo;
}

it('five tabs without a lock, racing for one cookie again and again, all stay signed in', async () => {
  const browser = createCookieFetch(app.url);
  const post = (path: string, body: object) =>
    browser(`${app.url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let lost = 0;
  /** As the client does; see client/src/session.test.ts. */
  async function refresh(): Promise<string> {
    const reply = await post('refresh', {});
    if (reply.ok) return 'signed in';
    const { code } = (await reply.json()) as Problem;
    if (code !== 'retry') return code;
    lost += 1;
    await pause(Math.random() * 100);
    return refresh();
  }
  await post('register', { email: 'tabs@example.org', name: 'Tabs', password: 'five at once' });
  for (let round = 1; round <= 10; round += 1) {
    const letGo = holdNext();
    const late = refresh();
    const early = [await refresh(), await refresh()];
    letGo();
    const all = await Promise.all([late, refresh(), refresh()]);
    expect([...early, ...all]).toEqual(Array(5).fill('signed in'));
    expect(lost).toBeGreaterThanOrEqual(round);
  }
}, 60_000);
