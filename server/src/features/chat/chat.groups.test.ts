import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents, type SpaceEvent } from '@teambrain/contract/log.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { ProblemError } from '../../platform/core/problem.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
});
afterAll(() => app.close());

async function logOf(spaceId: string): Promise<SpaceEvent[]> {
  const log: SpaceEvent[] = [];
  for (;;) {
    const query = { after: String(log.length), limit: 200 };
    const page = await owner.call(listEvents, { params: { spaceId }, query });
    log.push(...page.items);
    if (page.next === null) return log;
  }
}

const actorOf = ({ id, name }: Person) => {
  return { userId: id, name, isAdministrator: false, sessionId: newId() };
};

const shortly = (posted: chat.Message | ProblemError) =>
  posted instanceof ProblemError ? posted.code : posted.text;

/** How many transactions wrote the messages of a space. */
async function transactionsOf(spaceId: string): Promise<number> {
  const { rows } = await app.database.db.execute<{ count: number }>(sql`
    select count(distinct tx)::int count from events
    where space_id = ${spaceId} and type = 'message.posted'`);
  return rows[0]?.count ?? 0;
}

/** Keeps the space's lock for a second, so that a database that is quick has messages wait, too. */
async function holdLock(spaceId: string): Promise<void> {
  const { db, isEmbedded } = app.database;
  if (isEmbedded) return; // one connection: everything waits as it is
  await new Promise<void>((resolve, reject) => {
    const held = db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from spaces where id = ${spaceId} for update`);
      resolve();
      await new Promise((end) => setTimeout(end, 1_000));
    });
    held.catch(reject);
  });
}

describe('messages posted at the same moment', () => {
  it('share transactions and have the places and words they were answered with', async () => {
    const [one, two] = [await createSpace(owner, [ana, ben]), await createSpace(owner, [ana])];
    await holdLock(one);
    const sent = await Promise.all(
      upTo(120).map((n) =>
        n % 3 === 0 ? post(ana, two, `two ${n}`) : post(n % 2 ? ana : ben, one, `one ${n}`),
      ),
    );
    for (const [space, head] of [
      [one, 4 + 80],
      [two, 3 + 40],
    ] as const) {
      const log = await logOf(space);
      expect(log.map(({ seq }) => seq)).toEqual(upTo(head));
      const { items } = await owner.call(chat.listMessages, {
        params: { spaceId: space },
        query: { limit: 200 },
      });
      const own = sent.filter(({ spaceId }) => spaceId === space).sort((a, b) => a.seq - b.seq);
      expect(items).toEqual(own);
      const told = log.filter((event) => event.type === 'message.posted');
      expect(told.map(({ data }) => data.message)).toEqual(own);
      expect(told.map(({ actor }) => actor)).toEqual(own.map(({ author }) => author));
    }
    expect(await transactionsOf(one)).toBeLessThan(60);
  });

  it('with one id are one message, and refuse other words and other people', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const [id, taken, gone] = [newId(), newId(), newId()];
    await ana.call(knowledge.createEntry, {
      params: { spaceId: space },
      body: { id: taken, kind: 'document', title: 'Mine' },
    });
    await post(ana, space, 'gone soon', gone);
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: gone } });

    const first = post(ana, space, 'once', id);
    const same = upTo(8).map(() => post(ana, space, 'once', id));
    const others = upTo(8).map((n) => post(n % 2 ? ana : ben, space, `other ${n}`));
    const refused = [
      post(ana, space, 'other words', id),
      post(ben, space, 'once', id),
      post(ana, space, 'an entry', taken),
      post(ana, space, 'gone soon', gone),
    ].map(codeOf);
    const message = await first;
    for (const again of await Promise.all(same)) expect(again).toEqual(message);
    expect((await Promise.all(others)).map(({ text }) => text)).toEqual(
      upTo(8).map((n) => `other ${n}`),
    );
    expect(await Promise.all(refused)).toEqual(['id-taken', 'id-taken', 'id-taken', 'gone']);
    const log = await logOf(space);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
    expect(log.filter(({ type }) => type === 'message.posted')).toHaveLength(1 + 1 + 8);
  });

  it('are refused from the place on where their author lost the right, the others’ are not', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const params = { spaceId: space };
    const codes: (string | null)[] = [];
    let allowed = 0;
    for (const round of upTo(6)) {
      await post(ben, space, `while a member ${round}`);
      allowed += 1;
      const sent = upTo(30).map((n) => codeOf(post(ben, space, `ben ${round} ${n}`)));
      const removed = owner.call(spaces.removeMember, { params: { ...params, userId: ben.id } });
      const late = upTo(30).map((n) => codeOf(post(ben, space, `late ${round} ${n}`)));
      const good = await Promise.all(upTo(20).map((n) => codeOf(post(ana, space, `ana ${n}`))));
      expect(good).toEqual(upTo(20).map(() => null));
      await removed;
      expect(await codeOf(post(ben, space, 'after'))).toBe('locked');
      codes.push(...(await Promise.all([...sent, ...late])));
      await ben.call(spaces.joinSpace, { params, body: { password: SPACE_KEY } });
    }
    expect(codes.filter((code) => code !== null && code !== 'locked')).toEqual([]);
    const log = await logOf(space);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
    let isMember = false;
    let posted = 0;
    for (const event of log) {
      if (event.type === 'member.joined' && event.data.user.id === ben.id) isMember = true;
      if (event.type === 'member.removed' && event.data.user.id === ben.id) isMember = false;
      if (event.type !== 'message.posted' || event.actor?.id !== ben.id) continue;
      posted += 1;
      expect(isMember, `the message at ${event.seq}`).toBe(true);
    }
    expect(posted).toBe(allowed + codes.filter((code) => code === null).length);
  });
});

describe('messages of an import', () => {
  it('are written in one transaction and in their order; what cannot be is left out', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const deleted = await post(ana, space, 'deleted before');
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: deleted.id } });
    const grants = [
      await app.access.space(actorOf(ana), space, 'write'),
      await app.access.space(actorOf(ben), space, 'write'),
    ];
    const imported = (n: number, id = newId()) => {
      const grant = grants[n % 2];
      if (!grant) throw new Error('no grant');
      const at = new Date(Date.UTC(2024, 0, 1, 0, 0, n));
      return { space: grant, id, text: `line ${n}`, at, editedAt: n === 2 ? new Date() : null };
    };
    const head = (await logOf(space)).length;
    const before = await transactionsOf(space);
    const all = [0, 1, 2, 3, 4].map((n) => imported(n, n === 3 ? deleted.id : newId()));
    const posted = await app.chat.postAll(all);
    expect(posted.map(shortly)).toEqual(['line 0', 'line 1', 'line 2', 'id-taken', 'line 4']);
    expect(await app.chat.postAll(all)).toEqual(posted);
    expect(await app.chat.postAll([])).toEqual([]);
    expect((await transactionsOf(space)) - before).toBe(1);
    const log = (await logOf(space)).slice(head);
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4].map((n) => head + n));
    const params = { spaceId: space };
    const { items } = await owner.call(chat.listMessages, { params, query: {} });
    const shown = items.slice(-4).map(({ author, text, createdAt, editedAt }) => {
      return [author.name, text, createdAt, editedAt !== null];
    });
    expect(shown).toEqual([
      ['Ana', 'line 0', '2024-01-01T00:00:00.000Z', false],
      ['Ben', 'line 1', '2024-01-01T00:00:01.000Z', false],
      ['Ana', 'line 2', '2024-01-01T00:00:02.000Z', true],
      ['Ana', 'line 4', '2024-01-01T00:00:04.000Z', false],
    ]);
  });

  it('are refused to who lost the right meanwhile, and the others go on', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const [anas, bens] = [
      await app.access.space(actorOf(ana), space, 'write'),
      await app.access.space(actorOf(ben), space, 'write'),
    ];
    const params = { spaceId: space };
    await owner.call(spaces.removeMember, { params: { ...params, userId: ben.id } });
    const line = { text: 'x', at: new Date(), editedAt: null };
    const posted = await app.chat.postAll([
      { ...line, space: bens, id: newId() },
      { ...line, space: anas, id: newId() },
    ]);
    expect(posted.map(shortly)).toEqual(['locked', 'x']);
  });

  it('are refused to a member whose role allows no writing: membership alone is no right', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const grant = await app.access.space(actorOf(ben), space, 'write');
    // No role of today reads without writing.
    await app.database.db.execute(sql`
      update memberships set role = 'reader' where space_id = ${space} and user_id = ${ben.id}`);
    await app.database.db.execute(sql`
      update spaces set rights_version = rights_version + 1 where id = ${space}`);
    const line = { text: 'x', at: new Date(), editedAt: null };
    const posted = await app.chat.postAll([{ ...line, space: grant, id: newId() }]);
    expect(posted.map(shortly)).toEqual(['locked']);
  });
});
