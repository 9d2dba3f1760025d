import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { closeCodes } from '@teambrain/contract/socket.ts';
import { register, type Person } from '../../testing/people.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { appendEvents, createSpace, post, upTo } from '../../testing/space.ts';
import { median } from '../../testing/statistics.ts';
import { useTestApp, type TestApp } from '../../testing/test-app.ts';

const STUCK_MS = 3_000;
const SIZE = 10_000;

/** A space with a quick and a slow reader in it, on an app that has little patience. */
async function useReaders() {
  const app = await useTestApp({ stuckMs: STUCK_MS });
  // Not what is looked at here: the index would read all that text.
  await app.followers.stop();
  const connections: Socket[] = [];
  app.http.server.on('upgrade', (_request, socket) => connections.push(socket as Socket));
  const owner = await register(app.url, 'Owner');
  const space = await createSpace(owner);
  const spaces = [{ id: space, after: 0 }];
  const quick = await openSocket(app.url, { token: owner.token, spaces });
  const slow = await openSocket(app.url, { token: owner.token, spaces });
  await slow.reaches(space, 2);
  await quick.reaches(space, 2);
  return { app, owner, space, quick, slow, ofSlow: connections[1] as Socket };
}

/** Writes more than a socket's share and what the system holds for it. */
async function flood(app: TestApp, owner: Person, space: string, events: number): Promise<number> {
  await appendEvents(app.database, space, events, SIZE);
  return (await post(owner, space, 'the last one')).seq;
}

/** Milliseconds from the request of a message to its event at a socket, for each of so many. */
async function latencies(owner: Person, space: string, socket: RawSocket, count: number) {
  const taken: number[] = [];
  for (const n of upTo(count)) {
    const began = performance.now();
    const { seq } = await post(owner, space, `message ${n}`);
    while ((socket.seqs(space).at(-1) ?? 0) < seq) await new Promise((go) => setTimeout(go, 2));
    taken.push(performance.now() - began);
  }
  return taken;
}

it('a reader without progress is closed with 4408; the others do not notice', async () => {
  const { app, owner, space, quick, slow, ofSlow } = await useReaders();
  const before = median(await latencies(owner, space, quick, 15));
  slow.raw.pause();
  const head = await flood(app, owner, space, 2_500);
  await quick.reaches(space, head);
  const meanwhile = median(await latencies(owner, space, quick, 15));
  expect(meanwhile).toBeLessThan(3 * before + 50);
  await expect.poll(() => app.hub.counters.slowClosed, { timeout: 20_000 }).toBe(1);

  // Who reads on at once gets what was sent, in order and without a hole, and the reason.
  slow.raw.resume();
  expect(await slow.closed()).toBe(closeCodes.slow);
  const got = slow.seqs(space);
  expect(got).toEqual(upTo(got.length));
  expect(got.length).toBeLessThan(head);
  await expect.poll(() => ofSlow.destroyed, { timeout: 15_000 }).toBe(true);

  // With its cursor it misses nothing of what came after; so far back it is told to start anew.
  const again = await openSocket(app.url, {
    token: owner.token,
    spaces: [{ id: space, after: got.length }],
  });
  const reset = await again.next('reset');
  expect(reset).toMatchObject({ space, reason: 'too-old' });
  expect(quick.seqs(space)).toEqual(upTo(quick.seqs(space).length));
  quick.close();
  again.close();
}, 90_000);

it('a reader that never reads again is cut off, and costs no memory', async () => {
  const { app, owner, space, quick, slow, ofSlow } = await useReaders();
  slow.raw.pause();
  await quick.reaches(space, await flood(app, owner, space, 2_500));
  // Long before the heartbeat would find out.
  await expect.poll(() => ofSlow.destroyed, { timeout: 18_000 }).toBe(true);
  expect(app.hub.counters.slowClosed).toBe(1);
  quick.close();
}, 90_000);

it('a reader that is slow but reads on gets everything in order, however long it takes', async () => {
  const { app, owner, space, quick, slow } = await useReaders();
  const before = median(await latencies(owner, space, quick, 15));
  // 2.5 MB a second: it takes longer than a reader without progress is borne.
  let due = 0;
  let timer: NodeJS.Timeout | undefined;
  slow.raw.on('message', (data: Buffer) => {
    slow.raw.pause();
    // Several may come before the pause acts: each adds to it.
    due = Math.max(due, performance.now()) + data.length / 2_500;
    clearTimeout(timer);
    timer = setTimeout(() => slow.raw.resume(), due - performance.now());
  });
  const began = performance.now();
  const head = await flood(app, owner, space, 2_500);
  await quick.reaches(space, head);
  const meanwhile = median(await latencies(owner, space, quick, 15));
  expect(meanwhile).toBeLessThan(3 * before + 50);
  const last = (await post(owner, space, 'the very last one')).seq;
  await slow.reaches(space, last);
  expect(performance.now() - began).toBeGreaterThan(2 * STUCK_MS);
  expect(slow.seqs(space)).toEqual(upTo(last));
  expect(slow.events(space)).toEqual(quick.events(space));
  expect(slow.isOpen).toBe(true);
  expect(app.hub.counters.slowClosed).toBe(0);
  expect(app.hub.counters.catchUps).toBeGreaterThan(0);
  slow.close();
  quick.close();
}, 90_000);
