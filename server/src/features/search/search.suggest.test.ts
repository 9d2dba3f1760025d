import { expect, it, vi } from 'vitest';
import { deleteMessage, editMessage } from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import { countingEncoder } from '../../testing/counting-encoder.ts';
import { hashingEncoder } from '../../testing/hashing-encoder.ts';
import { register } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

it('suggestions never show words that an edit or deletion took away, before the index knows', async () => {
  const counted = countingEncoder(hashingEncoder());
  const app = await useTestApp({ encoder: counted.encoder });
  const owner = await register(app.url, 'Owner');
  const reader = await register(app.url, 'Reader');
  const space = await createSpace(owner, [reader]);
  const deleted = await post(owner, space, 'The sammelbegriff is on the second shelf');
  const edited = await post(owner, space, 'The gewichtsklasse is on the third shelf');
  const find = async (q: string) => {
    const { items, suggestions } = await reader.call(search, { query: { q, space } });
    return { hits: items.length, suggestions };
  };
  await vi.waitFor(
    async () => {
      expect(await find('sammelbegrxff')).toMatchObject({ hits: 1 });
      expect(await find('gewichtsklxsse')).toMatchObject({ hits: 1 });
    },
    { timeout: 20_000, interval: 200 },
  );

  counted.setAway(true); // the index stays behind
  await owner.call(deleteMessage, { params: { spaceId: space, messageId: deleted.id } });
  await owner.call(editMessage, {
    params: { spaceId: space, messageId: edited.id },
    body: { text: 'It is on the third shelf' },
  });
  for (const q of ['sammelbegrxff', 'gewichtsklxsse', 'sammelbegriff qqqqqq']) {
    expect(await find(q)).toEqual({ hits: 0, suggestions: [] });
  }
  counted.setAway(false);
});
