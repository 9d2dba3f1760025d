import { afterAll, beforeAll, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as contract from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { countingEncoder } from '../../testing/counting-encoder.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { createSpace, post } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

const search = async (person: Person, q = 'espresso machine') =>
  (await person.call(contract.search, { query: { q } })).items.map(({ snippet }) => snippet).sort();

it('what one instance ranked the other shows with the rights and words of the moment', async () => {
  const url = sharedRedisUrl();
  const { encoder, queries } = countingEncoder(shared.encoder);
  const [a, b] = (await useInstances([url, url], encoder)) as [TestApp, TestApp];
  const owner = await register(a.url, 'Owner');
  const [ana, ben, eve] = [
    await register(a.url, 'Ana'),
    await register(a.url, 'Ben'),
    await register(a.url, 'Eve'),
  ];
  const space = await createSpace(owner, [ana, ben, eve]);
  const params = { spaceId: space };
  const one = await post(owner, space, 'The espresso machine leaks.');
  const two = await post(owner, space, 'Our espresso machine is new.');
  await post(owner, space, 'No espresso machine today.');
  await a.followers.idle();
  const all = [
    'No espresso machine today.',
    'Our espresso machine is new.',
    'The espresso machine leaks.',
  ];
  expect(await search(at(a, owner))).toEqual(all);
  const count = queries();
  for (const person of [owner, ana, ben, eve]) expect(await search(at(b, person))).toEqual(all);
  expect(queries()).toBe(count); // all from what instance A had ranked
  expect(b.cache.stats().l2).toBeGreaterThan(0);

  // Nobody indexes meanwhile: what is kept stays the newest there is.
  await Promise.all([a.followers.stop(), b.followers.stop()]);
  await at(a, owner).call(chat.deleteMessage, { params: { ...params, messageId: one.id } });
  expect(await search(at(b, ana))).toEqual(all.slice(0, 2));
  await at(a, owner).call(chat.editMessage, {
    params: { ...params, messageId: two.id },
    body: { text: 'Our kettle is new.' },
  });
  expect(await search(at(b, ana))).toEqual(all.slice(0, 1));
  await at(a, owner).call(spaces.removeMember, { params: { ...params, userId: ana.id } });
  expect(await search(at(b, ana))).toEqual([]);
  expect(await search(at(b, ben))).toEqual(all.slice(0, 1));
  await at(a, ben).call(spaces.leaveSpace, { params });
  expect(await search(at(b, ben))).toEqual([]);
  await at(a, owner).call(spaces.updateSpace, {
    params,
    body: { password: 'another word', everyoneJoinsAnew: true },
  });
  expect(await search(at(b, eve))).toEqual([]);
  expect(await search(at(b, owner))).toEqual(all.slice(0, 1));

  // The index goes on, at one of them, and both show it: sooner than any copy grows too old.
  await a.followers.start(a.indexer);
  await expect
    .poll(() => search(at(b, owner), 'kettle'), { timeout: 15_000 })
    .toEqual(['Our kettle is new.']);
  await post(at(b, owner), space, 'The espresso machine is gone.');
  await expect
    .poll(() => search(at(b, owner)), { timeout: 15_000 })
    .toEqual(['No espresso machine today.', 'The espresso machine is gone.']);
}, 90_000);
