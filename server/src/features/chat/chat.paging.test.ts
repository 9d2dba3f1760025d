import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let outsider: Person;
let space: string;
let all: chat.Message[];

type Query = {
  before?: string;
  after?: string;
  around?: string;
  since?: string;
  limit?: number;
};

/** 47 messages whose seqs have holes, where other things happened in between. */
beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner);
  all = [];
  for (const n of upTo(47)) {
    const sent = await post(owner, space, `message ${n}`);
    const edited = { params: { spaceId: space, messageId: sent.id }, body: { text: `${n}` } };
    all.push(n % 5 ? sent : await owner.call(chat.editMessage, edited));
  }
});
afterAll(() => app.close());

const list = (query: Query = {}) =>
  owner.call(chat.listMessages, { params: { spaceId: space }, query });
const texts = (messages: chat.Message[]) => messages.map(({ text }) => text);

describe('reading a chat', () => {
  it('begins with the latest messages, in order, and the head to subscribe after', async () => {
    const page = await list({ limit: 10 });
    expect(page.items).toEqual(all.slice(-10));
    expect(page.next).toBeNull();
    expect(page.head).toBe(2 + 47 + 9);
    expect((await list()).items).toEqual(all);
  });

  it.each([1, 7, 46, 47, 200])(
    'goes back in pages of %i without loss or doubles',
    async (limit) => {
      const found: chat.Message[] = [];
      let before: string | null = null;
      do {
        const page: chat.MessagePage = await list({ limit, ...(before ? { before } : {}) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.unshift(...page.items);
        before = page.previous;
      } while (before !== null);
      expect(texts(found)).toEqual(texts(all));
    },
  );

  it.each([1, 7, 46, 47, 200])(
    'goes forward in pages of %i without loss or doubles',
    async (limit) => {
      const found: chat.Message[] = [];
      let after: string | null = '0';
      do {
        const page: chat.MessagePage = await list({ limit, after });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.push(...page.items);
        after = page.next;
      } while (after !== null);
      expect(texts(found)).toEqual(texts(all));
    },
  );

  it.each([1, 2, 5, 10, 47])(
    'shows %i around each message, and joins on both sides',
    async (limit) => {
      for (const target of [all[0], all[1], all[23], all[46]]) {
        if (!target) throw new Error('there are 47 messages');
        const page = await list({ around: target.id, limit });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        expect(page.items).toContainEqual(target);
        const older = page.previous ? await list({ before: page.previous, limit: 200 }) : null;
        const newer = page.next ? await list({ after: page.next, limit: 200 }) : null;
        const joined = [...(older?.items ?? []), ...page.items, ...(newer?.items ?? [])];
        expect(texts(joined)).toEqual(texts(all));
      }
    },
  );

  it('begins with the first message of a time or later, wherever it is in the log', async () => {
    const own = await createSpace(owner);
    const days = ['2026-03-02', '2026-03-01', '2026-03-05', '2026-03-04'];
    const sent: chat.Message[] = [];
    for (const day of days) {
      const message = await post(owner, own, day);
      sent.push(message);
      await app.database.db.execute(
        sql`update messages set created_at = ${`${day}T12:00:00Z`} where id = ${message.id}`,
      );
    }
    const since = async (day: string, limit = 1) => {
      const query = { since: `${day}T00:00:00.000Z`, limit };
      return owner.call(chat.listMessages, { params: { spaceId: own }, query });
    };
    expect(texts((await since('2026-03-01')).items)).toEqual(['2026-03-01']);
    expect(texts((await since('2026-03-03')).items)).toEqual(['2026-03-04']);
    const first = await since('2026-01-01', 2);
    expect(texts(first.items)).toEqual(['2026-03-01', '2026-03-05']);
    expect(first.previous).toBe(String(sent[1]?.seq));
    expect((await since('2026-03-02')).previous).toBe(null);
    expect(texts((await since('2026-03-06', 9)).items)).toEqual(days);
    expect(await codeOf(list({ since: 'yesterday' }))).toBe('invalid-request');
  });

  it('keeps what is deleted in its place, without its words', async () => {
    const other = await createSpace(owner);
    const sent = [await post(owner, other, 'stays'), await post(owner, other, 'goes')];
    const params = { spaceId: other, messageId: sent[1]?.id ?? '' };
    await owner.call(chat.deleteMessage, { params });
    const page = await owner.call(chat.listMessages, {
      params: { spaceId: other },
      query: { around: params.messageId },
    });
    expect(texts(page.items)).toEqual(['stays', '']);
  });

  it('refuses cursors and limits that are none, and whoever may not read', async () => {
    const wrong: Query[] = [{ before: 'x' }, { after: '-1' }, { limit: 0 }, { limit: 201 }];
    for (const query of wrong) expect(await codeOf(list(query))).toBe('invalid-request');
    expect(await codeOf(list({ around: newId() }))).toBe('not-found');
    const locked = outsider.call(chat.listMessages, { params: { spaceId: space } });
    expect(await codeOf(locked)).toBe('locked');
  });
});
