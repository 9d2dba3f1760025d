import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents, type SpaceEvent } from '@teambrain/contract/log.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { tablesWith } from './support/database.ts';
import { register, type Person } from '../src/testing/people.ts';
import { openSocket } from '../src/testing/socket.ts';
import { createSpace, post, SPACE_KEY } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';

const FORMER = 'Formerly Knownas';
const PRESENT = 'Presently Called';

let app: TestApp;
let owner: Person;
let renamed: Person;
let spaceId: string;
/** What somebody heard live, while the person had the former name. */
let live: readonly SpaceEvent[];

/** One event of every type that carries a person, about somebody who then changes the name. */
async function doAll(): Promise<void> {
  const params = { spaceId };
  const about = { spaceId, userId: renamed.id };
  const { id: messageId } = await post(renamed, spaceId, 'said under the former name');
  await renamed.call(chat.editMessage, { params: { spaceId, messageId }, body: { text: 'other' } });
  const entry = await renamed.call(knowledge.createEntry, {
    params,
    body: { kind: 'faq', title: 'Who is it?' },
  });
  const one = { spaceId, entryId: entry.id };
  await renamed.call(knowledge.updateEntry, {
    params: one,
    body: { title: 'Who was it?' },
    version: 1,
  });
  await renamed.call(knowledge.deleteEntry, { params: one });
  await renamed.call(knowledge.restoreEntry, { params: one });
  await owner.call(spaces.updateMember, { params: about, body: { role: 'moderator' } });
  await owner.call(spaces.removeMember, { params: about });
  await renamed.call(spaces.joinSpace, { params, body: { password: SPACE_KEY } });
  await renamed.call(spaces.leaveSpace, { params });
}

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  renamed = await register(app.url, FORMER);
  spaceId = await createSpace(owner, [renamed]);
  const socket = await openSocket(app.url, {
    token: owner.token,
    spaces: [{ id: spaceId, after: 0 }],
  });
  await doAll();
  const { head } = await owner.call(listEvents, { params: { spaceId } });
  await socket.reaches(spaceId, head);
  live = socket.events(spaceId);
  socket.close();
  await renamed.call(auth.updateMe, { body: { name: PRESENT } });
  await app.followers.idle();
});
afterAll(() => app.close());

const peopleOf = (events: readonly SpaceEvent[]) =>
  events.map(({ type, data }) => {
    const { user, message, entry } = data as Partial<Record<string, Record<string, unknown>>>;
    return [type, user ?? message?.['author'] ?? entry?.['updatedBy'], entry?.['author']];
  });

describe('somebody who has another name now', () => {
  it('is in events that are heard at once with the name of then', () => {
    expect(new Set(live.map(({ type }) => type))).toEqual(
      new Set([
        ...['space.created', 'message.posted', 'message.edited'],
        ...['entry.created', 'entry.updated', 'entry.deleted', 'entry.restored'],
        ...['member.joined', 'member.left', 'member.removed', 'member.role-changed'],
      ]),
    );
    expect(JSON.stringify(peopleOf(live))).toContain(FORMER);
  });

  it('is in the log with the name of now, over HTTP and to sockets', async () => {
    const { items } = await owner.call(listEvents, { params: { spaceId }, query: { limit: 200 } });
    const former = JSON.stringify(peopleOf(live)).replaceAll(FORMER, PRESENT);
    expect(JSON.stringify(peopleOf(items))).toBe(former);
    const socket = await openSocket(app.url, {
      token: owner.token,
      spaces: [{ id: spaceId, after: 0 }],
    });
    await socket.reaches(spaceId, items.length);
    expect(socket.events(spaceId)).toEqual(items);
    socket.send({ frame: 'fetch', space: spaceId, after: 0, limit: 200 });
    const { events } = await socket.next('events');
    expect(events).toEqual(items);
    expect(JSON.stringify(socket.frames)).not.toContain(FORMER);
    socket.close();
  });

  it('is in the log without any name, in whatever column', async () => {
    for (const name of [FORMER, PRESENT]) {
      expect(await tablesWith(app, name)).not.toContain('events');
    }
    expect(await tablesWith(app, renamed.id)).toContain('events');
  });
});
