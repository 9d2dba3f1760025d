import { afterAll, beforeAll, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as contract from '@teambrain/contract/search.ts';
import { countingEncoder } from '../../testing/counting-encoder.ts';
import { shareEncoder } from '../../testing/instances.ts';
import { register } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
let counted: ReturnType<typeof countingEncoder>;
let app: TestApp;

beforeAll(async () => {
  shared = await shareEncoder();
  counted = countingEncoder(shared.encoder);
  app = await createTestApp({ encoder: counted.encoder });
});
afterAll(async () => {
  await app.close();
  await shared.end();
});

it('encodes what was said and what was changed, not the stretch of chat around it again', async () => {
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const words = (n: number) => `Crate ${n} of the delivery stands in front of gate ${n}.`;
  const sent = [];
  for (const n of upTo(8)) {
    sent.push(await post(owner, spaceId, words(n)));
    await app.followers.idle();
  }
  expect(counted.documents()).toBe(8);
  await post(owner, spaceId, words(3)); // said before
  const params = { spaceId, messageId: sent[4]?.id ?? '' };
  await owner.call(chat.editMessage, { params, body: { text: 'A pallet of walnuts arrived.' } });
  await app.followers.idle();
  expect(counted.documents()).toBe(9);
  const { items } = await owner.call(contract.search, { query: { q: 'nuts on a pallet' } });
  expect(items[0]?.snippet).toBe('A pallet of walnuts arrived.');
});
