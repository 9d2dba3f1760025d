import { afterAll, beforeAll, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

it('what was answered on one instance is in the latest messages of the other at once', async () => {
  const url = sharedRedisUrl();
  const [a, b] = (await useInstances([url, url], shared.encoder)) as [TestApp, TestApp];
  const owner = await register(a.url, 'Owner');
  const space = await createSpace(owner);
  const last = async (person: Person) => {
    const page = await person.call(chat.listMessages, { params: { spaceId: space } });
    return page.items.at(-1)?.text;
  };
  for (const n of upTo(50)) {
    const [here, there] = n % 2 ? [at(a, owner), at(b, owner)] : [at(b, owner), at(a, owner)];
    const { id } = await post(here, space, `message ${n}`);
    expect(await last(there)).toBe(`message ${n}`);
    expect(await last(there)).toBe(`message ${n}`);
    await here.call(chat.deleteMessage, { params: { spaceId: space, messageId: id } });
    expect(await last(there)).toBe('');
  }
  // A name is told by the bus, a moment later.
  await at(a, owner).call(auth.updateMe, { body: { name: 'Somebody else' } });
  await expect
    .poll(async () => {
      const page = await at(b, owner).call(chat.listMessages, { params: { spaceId: space } });
      return page.items[0]?.author.name;
    })
    .toBe('Somebody else');
  expect(b.cache.stats().l1).toBeGreaterThan(50);
});
