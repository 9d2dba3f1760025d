import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/summaries.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let outsider: Person;
let space: string;
let middle: string;
const texts = new Map<string, string>();

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner, [ana]);
  await say(ana, 'The login page is slow since the last deployment.');
  await say(owner, 'I measured it: the session query takes two seconds without an index.');
  await say(ana, 'We decided to add the index tonight and to announce a short downtime.');
  middle = new Date().toISOString();
  await say(owner, 'I will write the announcement by Thursday.');
  await say(ana, 'Who tells the support team?');
});
afterAll(() => app.close());

async function say(person: Person, text: string): Promise<chat.Message> {
  const sent = await post(person, space, text);
  texts.set(sent.id, text);
  return sent;
}

type Target = { kind: 'space'; from?: string; to?: string } | { kind: 'entry'; id: string };
const summarise = (target: Target, person = owner, spaceId = space) =>
  person.call(contract.summarise, { params: { spaceId }, body: { target } });

function expectProven({ points, citations }: contract.Summary): void {
  expect(points.length).toBeGreaterThan(0);
  for (const { source, start, end, quote } of citations) {
    expect(texts.get(source.id)?.slice(start, end)).toBe(quote);
  }
  for (const point of points) {
    expect(point.citations.length).toBeGreaterThan(0);
    for (const index of point.citations) expect(citations[index]).toBeDefined();
  }
}

describe('a summary of a chat', () => {
  it('has points that each cite the exact words, and says how much was read', async () => {
    const summary = await summarise({ kind: 'space' });
    expect([summary.method, summary.sources, summary.of]).toEqual(['extractive', 5, 5]);
    const times = summary.citations.map(({ source }) => source.at).sort();
    expect((summary.from ?? '') <= (times[0] ?? '')).toBe(true);
    expect((summary.to ?? '') >= (times.at(-1) ?? 'x')).toBe(true);
    expectProven(summary);
    const kinds = summary.points.map(({ kind }) => kind);
    expect(kinds).toContain('decision');
    expect(kinds).toContain('question');
  });

  it('keeps to a stretch of time', async () => {
    const [before, after] = [
      await summarise({ kind: 'space', to: middle }),
      await summarise({ kind: 'space', from: middle }),
    ];
    expect([before.sources, after.sources]).toEqual([3, 2]);
    expect(JSON.stringify(after.points)).not.toContain('index');
    const nothing = await summarise({ kind: 'space', to: '2020-01-01T00:00:00Z' });
    expect(nothing).toEqual({
      method: 'extractive',
      points: [],
      citations: [],
      sources: 0,
      of: 0,
      from: null,
      to: null,
    });
  });

  it('says nothing of what was deleted', async () => {
    const sent = await say(ana, 'We decided to buy CNRY-submarines for everybody.');
    expect(JSON.stringify(await summarise({ kind: 'space' }))).toContain('CNRY-submarines');
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: sent.id } });
    const after = await summarise({ kind: 'space' });
    expect(JSON.stringify(after)).not.toContain('CNRY-submarines');
    expect(after.sources).toBe(5);
  });
});

describe('a summary of a chat longer than is read', () => {
  it('says of how many, and from when to when, and of a part of it what that has', async () => {
    const busy = await createSpace(owner);
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();
    await app.database.db.execute(sql`
      insert into messages (id, space_id, seq, author_id, text, created_at)
      select gen_random_uuid(), ${busy}, 1000 + n, ${owner.id},
        'The harbour works go on as planned, day ' || n,
        ${at(0)}::timestamptz + n * interval '1 minute'
      from generate_series(1, 1200) n`);
    const summary = await summarise({ kind: 'space' }, owner, busy);
    expect([summary.sources, summary.of]).toEqual([1000, 1200]);
    expect([summary.from, summary.to]).toEqual([at(201), at(1200)]);
    const first = await summarise({ kind: 'space', to: at(101) }, owner, busy);
    expect([first.sources, first.of, first.from, first.to]).toEqual([100, 100, at(1), at(100)]);
  });
});

describe('a summary of an entry', () => {
  it('cites it, of this space alone', async () => {
    const markdown =
      'The API moves to version 2 in May. Old clients go on working until the end of the year.\n\n' +
      'We decided to send a notice to all customers. Ana will write the migration guide by June.';
    const body = { kind: 'document', title: 'API version 2', markdown } as const;
    const params = { spaceId: space };
    const entry = await owner.call(knowledge.createEntry, { params, body });
    texts.set(entry.id, markdown);
    const summary = await summarise({ kind: 'entry', id: entry.id });
    expect(summary.sources).toBe(1);
    expectProven(summary);
    expect(summary.citations.every(({ source }) => source.id === entry.id)).toBe(true);

    const other = await createSpace(owner);
    expect(await codeOf(summarise({ kind: 'entry', id: entry.id }, owner, other))).toBe(
      'not-found',
    );
    expect(await codeOf(summarise({ kind: 'entry', id: newId() }))).toBe('not-found');
    await owner.call(knowledge.deleteEntry, { params: { ...params, entryId: entry.id } });
    expect(await codeOf(summarise({ kind: 'entry', id: entry.id }))).toMatch(
      /^(?:not-found|gone)$/,
    );
  });
});

describe('someone outside', () => {
  it('gets no summary of a protected space', async () => {
    expect((await summarise({ kind: 'space' }, ana)).sources).toBe(5);
    expect(await codeOf(summarise({ kind: 'space' }, outsider))).toBe('locked');
  });
});
