import { catchUp } from '@teambrain/contract/catch-up.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { createEntry, deleteEntry } from '@teambrain/contract/knowledge.ts';
import { createSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { register } from '../../testing/people.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

it('tells of joined spaces what is new there, and of others nothing', async () => {
  const [ada, ben] = [await register(app.url, 'Ada'), await register(app.url, 'Ben')];
  const harbour = await ada.call(createSpace, { body: { name: 'Harbour', visibility: 'public' } });
  const params = { spaceId: harbour.id };
  await ada.call(postMessage, { params, body: { text: 'The **boat** is late' } });
  await ada.call(postMessage, { params, body: { text: 'It came' } });
  const lamp = await ada.call(createEntry, {
    params,
    body: { kind: 'document', title: 'Lamp', markdown: '# Oil\n\nNine litres a night' },
  });
  const question = await ada.call(createEntry, { params, body: { kind: 'faq', title: 'Who?' } });

  const outside = await ben.call(catchUp, {});
  expect(outside).toEqual({ spaces: [], edited: [], questions: [] });

  await ben.call(joinSpace, { params, body: {} });
  const inside = await ben.call(catchUp, {});
  expect(inside).toMatchObject({
    spaces: [
      {
        spaceId: harbour.id,
        latest: { author: 'Ada', excerpt: 'It came' },
        changes: [{ id: question.id }, { id: lamp.id, excerpt: 'Nine litres a night' }],
      },
    ],
    edited: [],
    questions: [{ id: question.id, title: 'Who?', excerpt: '' }],
  });
  const own = await ada.call(catchUp, {});
  expect(own.edited.map(({ id }) => id)).toEqual([question.id, lamp.id]);

  await ada.call(deleteEntry, { params: { ...params, entryId: lamp.id } });
  const after = await ada.call(catchUp, {});
  expect(JSON.stringify(after)).not.toContain('Nine litres');
});
