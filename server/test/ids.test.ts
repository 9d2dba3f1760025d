import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage, editMessage, postMessage } from '@teambrain/contract/chat.ts';
import { createEntry, updateEntry } from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { newId } from '../src/platform/core/id.ts';
import { codeOf, register, type Person } from '../src/testing/people.ts';
import { createSpace, post, reply } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';

let app: TestApp;
let ana: Person;
let mal: Person;
let spaceId: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  mal = await register(app.url, 'Mal');
  spaceId = await createSpace(ana, [mal], 'public');
});
afterAll(() => app.close());

const enter = (person: Person, id: string, title = 'Innocent') =>
  person.call(createEntry, {
    params: { spaceId },
    body: { id, kind: 'document', title, markdown: 'x' },
  });
const log = async () =>
  JSON.stringify(await ana.call(listEvents, { params: { spaceId }, query: { after: '0' } }));

describe('an id is one thing in its space', () => {
  it('and nothing of another kind is created with it, by nobody', async () => {
    const message = await post(ana, spaceId, 'Words of the message');
    const entry = await enter(ana, newId(), 'Title of the document');
    const held = await log();
    for (const id of [message.id, spaceId, ana.id]) {
      expect([id, await codeOf(enter(mal, id))]).toEqual([id, 'id-taken']);
    }
    expect(await codeOf(post(mal, spaceId, 'Other', entry.id))).toBe('id-taken');
    expect(await codeOf(post(ana, spaceId, 'Other', entry.id))).toBe('id-taken');
    expect(await log()).toBe(held);
  });

  it('so that a change of one thing takes no words out of the events of another', async () => {
    const message = await post(ana, spaceId, 'These words stay');
    const id = newId();
    await enter(mal, id, 'A title that goes');
    // As an older TeamBrain let it come to be.
    await app.database.db.execute(`update messages set id = '${id}' where id = '${message.id}'`);
    await app.database.db.execute(
      `update events set subject_id = '${id}' where subject_id = '${message.id}'`,
    );
    await mal.call(updateEntry, {
      params: { spaceId, entryId: id },
      version: 1,
      body: { title: 'Another title' },
    });
    expect(await log()).toContain('These words stay');
    expect(await log()).not.toContain('A title that goes');
  });
});

describe('an id in capital letters', () => {
  it('is the same id in answers, in the log and in a retry', async () => {
    const id = newId();
    const sent = await post(ana, spaceId, 'In capitals', id.toUpperCase());
    expect(sent.id).toBe(id);
    expect(await post(ana, spaceId, 'In capitals', id)).toEqual(sent);
    expect((await enter(ana, newId().toUpperCase())).id).toMatch(/^[0-9a-f-]+$/);
    expect((await log()).includes(id.toUpperCase())).toBe(false);
    const params = { spaceId, messageId: id.toUpperCase() };
    const edited = await ana.call(editMessage, { params, body: { text: 'Edited' } });
    expect(edited.id).toBe(id);
    await ana.call(deleteMessage, { params });
  });

  it('names the same root and the same source of a quotation', async () => {
    const root = await post(ana, spaceId, 'A root');
    const sent = await reply(mal, spaceId, root.id.toUpperCase(), 'A reply');
    expect(sent.threadId).toBe(root.id);
    const quote = { spaceId: spaceId.toUpperCase(), id: root.id.toUpperCase() };
    const quoting = await mal.call(postMessage, {
      params: { spaceId },
      body: { text: 'See', quote },
    });
    expect(quoting.quote).toEqual({ spaceId, id: root.id });
  });
});
