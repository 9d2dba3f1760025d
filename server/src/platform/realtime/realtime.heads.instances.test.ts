import { putReadMark } from '@teambrain/contract/unread.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { register } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { createSpace, post } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

/** A space of two on two instances, and a socket of the reader, subscribed to nothing, on the second. */
async function useReader(redisUrls: [string, string]) {
  const [a, b] = (await useInstances(redisUrls, shared.encoder)) as [TestApp, TestApp];
  const [owner, reader] = [await register(a.url, 'Owner'), await register(a.url, 'Reader')];
  const space = await createSpace(owner, [reader]);
  const socket = await openSocket(b.url, { token: reader.token });
  return { a, b, owner, reader, space, socket };
}

const told = (socket: RawSocket, space: string, head: number, within: number) =>
  vi.waitFor(() => expect(socket.of('heads').map(({ heads }) => heads[space])).toContain(head), {
    timeout: within,
    interval: 10,
  });

it('heads and marks of one instance are told on another within a second', async () => {
  const url = sharedRedisUrl();
  const { a, owner, reader, space, socket } = await useReader([url, url]);
  const { seq } = await post(owner, space, 'hello');
  await told(socket, space, seq, 1_000);
  const mark = await at(a, reader).call(putReadMark, { params: { spaceId: space }, body: { seq } });
  await vi.waitFor(() => expect(socket.of('read-mark').map((one) => one.mark)).toEqual([mark]), {
    timeout: 1_000,
    interval: 10,
  });
});

it('a head that no hint told of is found in the log', async () => {
  const link = await useFaultyLink(sharedRedisUrl());
  const { owner, space, socket } = await useReader([link.url, sharedRedisUrl()]);
  link.hang();
  const { seq } = await post(owner, space, 'unheard');
  await told(socket, space, seq, 5_000);
});
