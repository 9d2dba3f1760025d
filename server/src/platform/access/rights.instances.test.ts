import { afterAll, beforeAll, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { codeOf, register } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

it('a role that is kept opens no door that was shut elsewhere, and shuts none', async () => {
  const url = sharedRedisUrl();
  const [a, b] = (await useInstances([url, url], shared.encoder)) as [TestApp, TestApp];
  const owner = await register(a.url, 'Owner');
  const ana = await register(a.url, 'Ana');
  const space = await createSpace(owner, [ana]);
  const params = { spaceId: space, userId: ana.id };
  const key = { params: { spaceId: space }, body: { password: SPACE_KEY } };
  for (const n of upTo(5)) {
    // The other instance has just found her to be a member …
    await post(at(b, ana), space, `inside ${n}`);
    await at(a, owner).call(spaces.removeMember, { params });
    expect(await codeOf(post(at(b, ana), space, `outside ${n}`))).toBe('locked');
    // … and now to be none.
    await at(a, ana).call(spaces.joinSpace, key);
    await post(at(b, ana), space, `again ${n}`);
  }
  const { items } = await owner.call(chat.listMessages, {
    params: { spaceId: space },
    query: { limit: 100 },
  });
  expect(items.some(({ text }) => text.startsWith('outside'))).toBe(false);
});
