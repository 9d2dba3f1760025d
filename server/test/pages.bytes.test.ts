import {
  listMessages,
  listMessageVersions,
  postMessage,
  VERSIONS_KEPT,
  type Message,
} from '@teambrain/contract/chat.ts';
import { createEntry, listEntries, listRevisions } from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { PAGE_BYTES, PAGE_LIMIT } from '@teambrain/contract/page.ts';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toPage } from '../src/platform/core/cursor.ts';
import { register, type Person } from '../src/testing/people.ts';
import { createSpace, upTo } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';

/** 60 KB on the wire: each character is written as \u0001. */
const BULK = '\u0001'.repeat(9_900);
const COUNT = 30;
/** What a page says beside its content. */
const FRAME = 64_000;

let app: TestApp;
let owner: Person;
let params: { spaceId: string };
let entryId: string;

beforeAll(async () => {
  app = await createTestApp();
  await app.followers.stop();
  owner = await register(app.url, 'Owner');
  params = { spaceId: await createSpace(owner) };
  const body = { kind: 'document', title: 'Long', markdown: 'short' } as const;
  entryId = (await owner.call(createEntry, { params, body })).id;
  await fill(app, params.spaceId);
});
afterAll(() => app.close());

/** So many long messages with their events, and versions of the entry; one is larger than a page. */
async function fill({ database: { db } }: TestApp, spaceId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select id, gen_random_uuid(), last_seq + n, ${owner.id},
        repeat(${BULK}, case n when 7 then 5 else 1 end), now()
      from spaces, generate_series(1, ${COUNT}::int) n where id = ${spaceId}`);
    await tx.execute(sql`
      insert into events (space_id, seq, id, type, payload, created_at)
      select space_id, seq, gen_random_uuid(), 'space.updated',
        jsonb_build_object('name', 'as before', 'description', text), now()
      from messages where space_id = ${spaceId}`);
    await tx.execute(sql`update spaces set last_seq = last_seq + ${COUNT} where id = ${spaceId}`);
    await tx.execute(sql`
      insert into revisions (space_id, entry_id, version, title, status, markdown, author_id, created_at)
      select ${spaceId}, ${entryId}, n + 1, 'Long', 'published',
        repeat(${BULK}, case n when 7 then 5 else 1 end), ${owner.id}, now()
      from generate_series(1, ${COUNT}::int) n`);
  });
}

interface Turn {
  items: readonly unknown[];
  next: string | null;
}

/** Reads a list to its end as clients do, by its cursor alone; each page is looked at. */
async function walk<T>(read: (cursor: string | null) => Promise<Turn>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const { items, next }: Turn = await read(cursor);
    const bytes = Buffer.byteLength(JSON.stringify(items));
    const largest = Math.max(...items.map((item) => Buffer.byteLength(JSON.stringify(item))));
    expect(items.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(PAGE_BYTES + largest + FRAME);
    all.push(...(items as T[]));
    cursor = next;
    pages += 1;
  } while (cursor !== null);
  expect(pages).toBeGreaterThan(COUNT / 10);
  return all;
}

const limit = PAGE_LIMIT;

describe('a page holds no more bytes than it may, and its cursor leads on', () => {
  it('of messages, forward and back', async () => {
    const list = (query: object) => owner.call(listMessages, { params, query });
    const forward = await walk<Message>((after) => list({ limit, after: after ?? '0' }));
    expect(forward.map(({ seq }) => seq)).toEqual(upTo(COUNT).map((n) => n + 3));
    const back = await walk<Message>(async (before) => {
      const { items, previous } = await list({ limit, ...(before && { before }) });
      return { items: items.toReversed(), next: previous };
    });
    expect(back).toEqual(forward.toReversed());
    for (const { id, seq } of forward) {
      const { items, previous, next } = await list({ around: id, limit });
      expect(items.map((one) => one.id)).toContain(id);
      expect([previous !== null, next !== null]).toEqual([
        (items[0]?.seq ?? 0) > 4,
        (items.at(-1)?.seq ?? 0) < COUNT + 3,
      ]);
      expect(items.map((one) => one.seq)).toEqual(items.map((_, n) => (items[0]?.seq ?? 0) + n));
      expect(seq).toBeGreaterThan(3);
    }
  });

  it('of the log', async () => {
    const events = await walk<{ seq: number }>((after) =>
      owner.call(listEvents, { params, query: { limit, after: after ?? '0' } }),
    );
    expect(events.map(({ seq }) => seq)).toEqual(upTo(COUNT + 3));
  });

  it('of revisions', async () => {
    const versions = await walk<{ version: number }>((after) =>
      owner.call(listRevisions, {
        params: { ...params, entryId },
        query: { limit, ...(after && { after }) },
      }),
    );
    expect(versions.map(({ version }) => version)).toEqual(upTo(COUNT + 1).toReversed());
  });

  it('of what a message said before', async () => {
    const { id } = await owner.call(postMessage, { params, body: { text: 'short' } });
    await app.database.db.execute(sql`
      insert into message_versions (space_id, message_id, version, text, created_at)
      select ${params.spaceId}, ${id}, n, repeat(${BULK}, case n when 7 then 5 else 1 end), now()
      from generate_series(1, ${COUNT}::int) n`);
    await app.database.db.execute(sql`update messages set version = ${COUNT + 1} where id = ${id}`);
    const versions = await walk<{ version: number }>((after) =>
      owner.call(listMessageVersions, {
        params: { ...params, messageId: id },
        query: { limit: VERSIONS_KEPT, ...(after && { after }) },
      }),
    );
    expect(versions.map(({ version }) => version)).toEqual(upTo(COUNT).toReversed());
  });

  it('of what is cut here, such as cards of entries', async () => {
    const rows = upTo(90).map((n) => ({ id: String(n), title: BULK }));
    const seen = await walk<{ id: string }>((after) => {
      const from = after ? Number(JSON.parse(Buffer.from(after, 'base64url').toString())[0]) : 0;
      const { items, next } = toPage(rows.slice(from, from + 51), 50, ({ id }) => [id]);
      return Promise.resolve({ items, next });
    });
    expect(seen).toEqual(rows);
    expect((await owner.call(listEntries, { params })).next).toBeNull();
  });
});
