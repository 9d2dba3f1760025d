import { expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

// Rows are locked before their space: only a server has sessions that could wait for each other.

it('edits, repeated posts and moves of the same things wait for each other in one direction', async () => {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const params = { spaceId };
  const id = newId();
  await post(owner, spaceId, 'first words', id);
  const create = (title: string) =>
    owner.call(knowledge.createEntry, { params, body: { kind: 'document', title } });
  const [one, two] = [await create('One'), await create('Two')];
  const versions = { [one.id]: 1, [two.id]: 1 };
  const codes: (string | null)[] = [];
  for (const round of upTo(10)) {
    const update = (entryId: string, body: object) =>
      owner.call(knowledge.updateEntry, {
        params: { spaceId, entryId },
        version: versions[entryId] ?? 0,
        body,
      });
    for (const entryId of [one.id, two.id]) await update(entryId, { parentId: null });
    const moves = [
      codeOf(update(one.id, { parentId: two.id })),
      codeOf(update(two.id, { parentId: one.id })),
      codeOf(update(one.id, { title: `One ${round}` })),
      codeOf(update(one.id, { title: `Another ${round}` })),
    ];
    const messages = upTo(6).flatMap((n) => [
      codeOf(post(owner, spaceId, 'first words', id)),
      codeOf(
        owner.call(chat.editMessage, {
          params: { spaceId, messageId: id },
          body: { text: `words ${round} ${n}` },
        }),
      ),
    ]);
    codes.push(...(await Promise.all([...moves, ...messages])));
    for (const entryId of [one.id, two.id]) {
      const entry = await owner.call(knowledge.getEntry, { params: { spaceId, entryId } });
      versions[entryId] = entry.version;
    }
    const [a, b] = await Promise.all(
      [one.id, two.id].map((entryId) =>
        owner.call(knowledge.getEntry, { params: { spaceId, entryId } }),
      ),
    );
    expect(a?.parentId === two.id && b?.parentId === one.id, 'each under the other').toBe(false);
  }
  expect(new Set(codes)).toEqual(new Set([null, 'stale-version', 'invalid-request']));
}, 30_000);

it('a space is deleted under edits: each is answered in time, nothing is left', async () => {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const sent = await Promise.all(upTo(20).map((n) => post(owner, spaceId, `message ${n}`)));
  const edits = sent.flatMap(({ id: messageId }) =>
    upTo(3).map((n) =>
      codeOf(
        owner.call(chat.editMessage, {
          params: { spaceId, messageId },
          body: { text: `edit ${n}` },
        }),
      ),
    ),
  );
  const remove = () => owner.call(spaces.deleteSpace, { params: { spaceId } });
  // Two that wait for each other are told to come again (busy).
  await expect.poll(() => codeOf(remove()), { timeout: 10_000 }).toBe('not-found');
  const codes = new Set(await Promise.all(edits));
  for (const code of [null, 'not-found', 'busy']) codes.delete(code);
  expect([...codes]).toEqual([]);
  expect(await codeOf(post(owner, spaceId, 'late'))).toBe('not-found');
});
