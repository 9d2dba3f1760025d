import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import type { FollowedEvent } from '../../platform/events/follower.ts';
import { countingEncoder } from '../../testing/counting-encoder.ts';
import { shareEncoder } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
let counted: ReturnType<typeof countingEncoder>;
let app: TestApp;
let owner: Person;
let ana: Person;
let space: string;

beforeAll(async () => {
  shared = await shareEncoder();
  counted = countingEncoder(shared.encoder);
  app = await createTestApp({ encoder: counted.encoder });
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
});
beforeEach(async () => {
  space = await createSpace(owner, [ana]);
});
afterAll(async () => {
  await app.close();
  await shared.end();
});

const words = (n: number) => `Crate ${n} of the delivery stands in front of gate ${n}.`;
const say = async (...texts: string[]) => {
  const sent = [];
  for (const text of texts) sent.push(await post(owner, space, text));
  await app.followers.idle();
  return sent.map(({ id }) => ({ params: { spaceId: space, messageId: id } }));
};
async function rowsOf<Row extends Record<string, unknown>>(query: ReturnType<typeof sql>) {
  return (await app.database.db.execute<Row>(query)).rows;
}
/** Each row of the index with the transaction that wrote it: what is the same was not touched. */
async function rowsOfIndex() {
  const rows = await rowsOf<{ row: string }>(sql`
    select 'sentence ' || s.passage_id || ' ' || s.ordinal || ' ' || s.xmin || ' ' || s.text row
    from sentences s where space_id = ${space}
    union all select 'code ' || c.passage_id || ' ' || c.ordinal || ' ' || c.xmin
    from sentence_codes c where space_id = ${space}
    union all select 'posting ' || p.passage_id || ' ' || p.term || ' ' || p.frequency || ' ' || p.xmin
    from postings p join passages d on d.id = p.passage_id where d.space_id = ${space}
    order by 1`);
  return rows.map(({ row }) => row);
}
const eventsOf = async (): Promise<FollowedEvent[]> => {
  const rows = await rowsOf<FollowedEvent & Record<string, unknown>>(sql`
    select space_id "spaceId", seq::int, type, subject_id "subjectId" from events
    where space_id = ${space} order by seq`);
  return rows;
};
const versionOf = async () =>
  (
    await rowsOf<{ v: number }>(sql`
    select version::int v from search_versions where space_id = ${space}`)
  )[0]?.v ?? 0;

/**
 * The index holds every standing message once, in whole sentences and in order, and what else it
 * holds is made of exactly these sentences.
 */
async function expectSound() {
  const found = await rowsOf<{ said: string[]; held: string[] }>(sql`
    select array(select id::text from messages where space_id = ${space} and deleted_at is null
        order by seq) said,
      array(select source_id::text from (
        select s.source_id, min(m.seq) seq, count(distinct s.passage_id) from sentences s
        join messages m on m.space_id = s.space_id and m.id = s.source_id and m.version = s.version
        where s.space_id = ${space} group by 1 having count(distinct s.passage_id) = 1) h
        order by seq) held`);
  expect(found[0]?.held).toEqual(found[0]?.said);
  const faults = await rowsOf(sql`
    with own as (select * from passages where space_id = ${space}),
    said as (select s.* from sentences s join own on own.id = s.passage_id),
    line as (select passage_id, min(ordinal) place,
      author || ': ' || string_agg(text, ' ' order by ordinal) line
      from said group by passage_id, source_id, author),
    expected as (select passage_id, lexeme term, cardinality(positions)::real frequency
      from (select passage_id, string_agg(line, E'\\n' order by place) body from line group by 1) b,
      unnest(to_tsvector('english', body))),
    actual as (select p.passage_id, p.term, p.frequency from postings p join own on own.id = p.passage_id),
    codes as (select c.* from sentence_codes c where space_id = ${space})
    (select 'posting missing' fault, term from (table expected except table actual) e)
    union all (select 'posting too many', term from (table actual except table expected) e)
    union all (select 'length', id::text from own
      where length <> (select sum(frequency) from actual where passage_id = own.id))
    union all (select 'run', id::text from own where (first_seq, last_seq) is distinct from (
      select (min(m.seq), max(m.seq)) from said s join messages m on m.space_id = s.space_id
      and m.id = s.source_id where s.passage_id = own.id))
    union all (select 'order', passage_id::text from said group by passage_id
      having max(ordinal) <> count(*) - 1)
    union all (select 'code', s.text from said s full join codes c using (passage_id, ordinal)
      where c.code is distinct from binary_quantize(s.embedding)::bit(512))
    union all (select 'quote', s.quote from said s join messages m on m.id = s.source_id
      where substr(m.text, s.start + 1, s."end" - s.start) <> s.quote)`);
  expect(faults).toEqual([]);
}

it('encodes what was said and what was changed, not the stretch of chat around it again', async () => {
  const before = counted.documents();
  const sent = [];
  for (const n of upTo(8)) sent.push(...(await say(words(n))));
  expect(counted.documents() - before).toBe(8);
  await post(owner, space, words(3)); // said before
  const params = sent[4]?.params ?? { spaceId: '', messageId: '' };
  await owner.call(chat.editMessage, { params, body: { text: 'A pallet of walnuts arrived.' } });
  await app.followers.idle();
  expect(counted.documents() - before).toBe(9);
  const { items } = await owner.call(contract.search, { query: { q: 'nuts on a pallet' } });
  expect(items[0]?.snippet).toBe('A pallet of walnuts arrived.');
});

describe('a run of chat', () => {
  it('keeps what it has when it grows, until the next one begins', async () => {
    await say('The first crate is here. It is heavy.', words(2));
    const [before, version] = [await rowsOfIndex(), await versionOf()];
    await say('A lorry came.');
    const after = await rowsOfIndex();
    // The author is named once more.
    const touched = before.filter((row) => !after.includes(row));
    expect(touched).toEqual([expect.stringContaining(' owner 2 ')]);
    const added = after.filter((row) => !before.includes(row)).map((row) => row.split(' ')[0]);
    expect(added.sort()).toEqual(['code', 'posting', 'posting', 'posting', 'sentence']);
    expect(await versionOf()).toBe(version + 1);
    await expectSound();
    await say(...upTo(30).map(words));
    await expectSound();
    const runs = await rowsOf(sql`select id from passages where space_id = ${space}`);
    expect(runs.length).toBeGreaterThan(1);
  });

  it('grows from and around messages without words, whose authors it names while they stand', async () => {
    const named = async () => {
      const rows = await rowsOf<{ term: string }>(sql`
        select p.term from postings p join passages d on d.id = p.passage_id
        where d.space_id = ${space} and p.term in ('owner', 'ana', 'crate', 'walnut') order by 1`);
      return rows.map(({ term }) => term);
    };
    await say('[walnut]: https://example.org');
    await say(words(1));
    expect(await named()).toEqual(['crate', 'owner']);
    const sent = await post(ana, space, '<!-- nothing to see -->');
    await app.followers.idle();
    expect(await named()).toEqual(['ana', 'crate', 'owner']);
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: sent.id } });
    await app.followers.idle();
    expect(await named()).toEqual(['crate', 'owner']);
  });

  it('has nothing any more of what was edited or deleted in it, at its end or before', async () => {
    const sent = await say(words(1), 'Walnuts are in the cellar.', words(3), 'Figs are upstairs.');
    const [, second, , last] = sent;
    if (!second || !last) throw new Error('four were sent');
    await owner.call(chat.editMessage, { ...second, body: { text: 'Plums. They are blue.' } });
    await app.followers.idle();
    await expectSound();
    await owner.call(chat.deleteMessage, last);
    await app.followers.idle();
    await say(words(5));
    await expectSound();
    const rows = (await rowsOfIndex()).join('\n');
    expect(rows).not.toMatch(/walnut|cellar|\bfig|upstair/i);
    expect(rows).toMatch(/plum/);
    for (const one of sent.slice(0, 3)) await owner.call(chat.deleteMessage, one);
    await app.followers.idle();
    await expectSound();
  });
});

describe('the same events again', () => {
  it('change nothing, wherever in the runs they begin and end', async () => {
    await say(...upTo(45).map(words));
    const before = await rowsOfIndex();
    const events = await eventsOf();
    for (const [from, to] of [[0], [7], [30], [12, 20], [-1]]) {
      await app.indexer.handle(events.slice(from, to));
      expect(await rowsOfIndex()).toEqual(before);
    }
    await expectSound();
  });

  it('change nothing of entries and edits', async () => {
    const [sent] = await say(words(1), words(2));
    if (!sent) throw new Error('two were sent');
    await owner.call(chat.editMessage, { ...sent, body: { text: 'Crates come by ship.' } });
    const body = { kind: 'document' as const, title: 'Gates', markdown: 'Gate 1 is the widest.' };
    await owner.call(knowledge.createEntry, { params: { spaceId: space }, body });
    await app.followers.idle();
    const before = await rowsOfIndex();
    await app.indexer.handle(await eventsOf());
    expect(await rowsOfIndex()).toEqual(before);
  });

  it('handled several times at once leave the index as once does', async () => {
    await say(...upTo(20).map(words));
    const events = await eventsOf();
    await app.database.db.execute(sql`delete from passages where space_id = ${space}`);
    await Promise.allSettled(upTo(3).map(() => app.indexer.handle(events)));
    await expectSound();
  });
});

it('takes an entry of more passages than one statement does, and lets go of all of them', async () => {
  const section = (n: number) => `## Gate ${n}\n\n${'crates and more crates '.repeat(30)}end here.`;
  const markdown = upTo(130).map(section).join('\n\n');
  const body = { kind: 'document' as const, title: 'Gates', markdown };
  const entry = await owner.call(knowledge.createEntry, { params: { spaceId: space }, body });
  await app.followers.idle();
  const count = sql`select count(distinct d.id)::int passages, count(s.embedding)::int vectors,
    count(c.code)::int codes from passages d left join sentences s on s.passage_id = d.id
    left join sentence_codes c using (passage_id, ordinal) where d.space_id = ${space}`;
  expect(await rowsOf(count)).toEqual([{ passages: 130, vectors: 261, codes: 261 }]);
  const params = { spaceId: space, entryId: entry.id };
  await owner.call(knowledge.updateEntry, { params, body: { markdown: 'None.' }, version: 1 });
  await app.followers.idle();
  expect(await rowsOf(count)).toEqual([{ passages: 1, vectors: 2, codes: 2 }]);
});

it('words that every JavaScript object knows are words like others', async () => {
  const [first] = await say('A constructor of __proto__, toString, hasOwnProperty and valueOf');
  const [other] = await say('Two constructors build our bridge');
  const found = await owner.call(contract.search, { query: { q: 'constructor', space } });
  const ids = [first, other].map((sent) => sent?.params.messageId);
  expect(found.items.map(({ source }) => source.id).sort()).toEqual(ids.sort());
  const rows = await rowsOf<{ frequency: number }>(sql`
    select frequency from postings p join passages d on d.id = p.passage_id
    where d.space_id = ${space} and term = 'constructor'`);
  expect(rows).toEqual([{ frequency: 2 }]);
});
