import { afterAll, beforeAll, expect, it } from 'vitest';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { createSpace, upTo } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

it('what was answered on one instance is in the entries of the other at once', async () => {
  const url = sharedRedisUrl();
  const [a, b] = (await useInstances([url, url], shared.encoder)) as [TestApp, TestApp];
  const owner = await register(a.url, 'Owner');
  const params = { spaceId: await createSpace(owner) };
  const titles = async (person: Person) =>
    (await person.call(knowledge.listEntries, { params })).items.map(({ title }) => title);
  for (const n of upTo(25)) {
    const [here, there] = n % 2 ? [at(a, owner), at(b, owner)] : [at(b, owner), at(a, owner)];
    const body = { kind: 'faq', title: `Question ${n}` } as const;
    const { id } = await here.call(knowledge.createEntry, { params, body });
    expect(await titles(there)).toEqual([`Question ${n}`]);
    expect(await titles(there)).toEqual([`Question ${n}`]);
    await here.call(knowledge.deleteEntry, { params: { ...params, entryId: id } });
    expect(await titles(there)).toEqual([]);
    expect(await titles(here)).toEqual([]);
  }
  // Repeats came from memory, and what the one had read from Redis at the other.
  expect(a.cache.stats().l1 + b.cache.stats().l1).toBeGreaterThan(25);
  expect(a.cache.stats().l2 + b.cache.stats().l2).toBeGreaterThanOrEqual(25);
}, 60_000);
