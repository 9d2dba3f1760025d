import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { login, logout } from '@teambrain/contract/auth.ts';
import { listMessages } from '@teambrain/contract/chat.ts';
import {
  DRAFT_SHOWN,
  DRAFTS_MAX,
  getDraft,
  listDrafts,
  putDraft,
} from '@teambrain/contract/drafts.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { search } from '@teambrain/contract/search.ts';
import { deleteSpace, joinSpace, removeMember } from '@teambrain/contract/spaces.ts';
import { bearer, fetchFile, upload } from '../../testing/files/uploads.ts';
import { callAs, codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, post, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  app = await createTestApp();
  [ana, ben] = [await register(app.url, 'Ana'), await register(app.url, 'Ben')];
});
afterAll(() => app.close());

interface More {
  threadId?: string;
  files?: string[];
  base?: number;
}
const keep = async (person: Person, spaceId: string, text: string, more: More = {}) => {
  const body = { text, base: 0, ...more };
  return (await person.call(putDraft, { params: { spaceId }, body })).draft;
};
const find = async (person: Person, spaceId: string, thread?: string) =>
  (await person.call(getDraft, { params: { spaceId }, query: thread ? { thread } : {} })).draft;
const list = async (person: Person) => (await person.call(listDrafts, {})).items;
const sweep = async () => {
  for (const one of app.sweeps) await one();
};

describe('a draft', () => {
  it('is one for each space and thread, listed with its place, the last changed first', async () => {
    const space = await createSpace(ana, [ben]);
    const root = await post(ben, space, 'a question');
    const long = `${'x'.repeat(DRAFT_SHOWN - 1)}🎉 and more`;
    await keep(ana, space, long);
    await keep(ana, space, 'in the thread', { threadId: root.id });
    expect(await find(ana, space)).toMatchObject({ text: long, threadId: null, files: [] });
    expect(await find(ana, space, root.id)).toMatchObject({ text: 'in the thread' });
    expect(await list(ana)).toMatchObject([
      { spaceId: space, threadId: root.id, spaceName: 'Space of Ana', text: 'in the thread' },
      { threadId: null, spaceVisibility: 'protected', files: 0 },
    ]);
    expect([await find(ben, space), await list(ben)]).toEqual([null, []]);
    await keep(ana, space, '', { base: (await find(ana, space))?.version ?? 0 });
    expect((await list(ana)).map(({ threadId }) => threadId)).toEqual([root.id]);
  });

  it('is in no list of messages, no log and no search', async () => {
    const space = await createSpace(ana, []);
    await keep(ana, space, 'Quixotic zebras dance');
    await app.followers.idle();
    const params = { spaceId: space };
    const told = [
      await ana.call(listMessages, { params }),
      await ana.call(listEvents, { params, query: {} }),
      await ana.call(search, { query: { q: 'quixotic zebras' } }),
    ];
    expect(JSON.stringify(told)).not.toMatch(/zebras dance/i);
  });

  it('based on other words than those there are is refused with those; nothing is lost', async () => {
    const space = await createSpace(ana, []);
    const first = await keep(ana, space, 'from one window');
    const other = keep(ana, space, 'from another', { base: 0 });
    await expect(other).rejects.toMatchObject({
      problem: {
        code: 'stale-version',
        current: { text: 'from one window', version: first?.version },
      },
    });
    const second = await keep(ana, space, 'both', { base: first?.version ?? 0 });
    expect(second?.version).toBeGreaterThan(first?.version ?? 0);
    expect(await codeOf(keep(ana, space, '', { base: first?.version ?? 0 }))).toBe('stale-version');
    expect(await find(ana, space)).toMatchObject({ text: 'both' });
    expect(await keep(ana, space, ' ', { base: second?.version ?? 0 })).toBe(null);
    // What was typed in a window that did not hear of that is kept.
    const late = await keep(ana, space, 'typed since', { base: second?.version ?? 0 });
    expect(late?.version).toBeGreaterThan(second?.version ?? 0);
  });

  it('of two windows at the same moment one is kept, and the other hears of it', async () => {
    const space = await createSpace(ana, []);
    const codes = await Promise.all(['a', 'b', 'c'].map((text) => codeOf(keep(ana, space, text))));
    expect(codes.sort()).toEqual([null, 'stale-version', 'stale-version']);
  });

  it('is told to all windows of its person, and to nobody else', async () => {
    const space = await createSpace(ana, [ben]);
    const [own, other] = [await openSocket(app.url, ana), await openSocket(app.url, ben)];
    await keep(ana, space, 'half a');
    await vi.waitFor(
      () => expect(own.of('own').map(({ what }) => what)).toEqual(['drafts']),
      10_000,
    );
    expect(other.of('own')).toEqual([]);
  });

  it('stays at a log-out, and goes with its space', async () => {
    const dora = await register(app.url, 'Dora');
    const space = await createSpace(dora, []);
    await keep(dora, space, 'for later');
    await dora.call(logout, {});
    const { email, password } = dora;
    const signedIn = await callAs(app.url, null)(login, { body: { email, password } });
    const again = { ...dora, call: callAs(app.url, signedIn.accessToken) };
    expect(await list(again)).toHaveLength(1);
    await again.call(deleteSpace, { params: { spaceId: space } });
    expect(await list(again)).toEqual([]);
  });

  it('is out of reach while one may not read its space', async () => {
    const space = await createSpace(ana, [ben]);
    await keep(ben, space, 'inside');
    await ana.call(removeMember, { params: { spaceId: space, userId: ben.id } });
    expect(await list(ben)).toEqual([]);
    expect(await codeOf(find(ben, space))).toBe('locked');
    expect(await codeOf(keep(ben, space, 'more'))).toBe('locked');
    await ben.call(joinSpace, { params: { spaceId: space }, body: { password: SPACE_KEY } });
    expect(await find(ben, space)).toMatchObject({ text: 'inside' });
  });

  it('is one of at most so many; those in spaces that were lost make room', async () => {
    const eva = await register(app.url, 'Eva');
    const space = await createSpace(eva, []);
    const lost = await createSpace(ana, [eva]);
    await keep(eva, lost, 'lost');
    await app.database.db.execute(sql`
      insert into drafts (user_id, space_id, thread_id, text, version, updated_at)
      select ${eva.id}, ${space}, gen_random_uuid(), 'n', n, now()
      from generate_series(2, ${DRAFTS_MAX}) n`);
    expect(await codeOf(keep(eva, space, 'one more'))).toBe('invalid-request');
    await ana.call(removeMember, { params: { spaceId: lost, userId: eva.id } });
    expect(await codeOf(keep(eva, space, 'one more'))).toBe(null);
    expect(await list(eva)).toHaveLength(DRAFTS_MAX);
  });
});

describe('files of a draft', () => {
  it('are held by it, in order, until it lets them go', async () => {
    const space = await createSpace(ana, [ben]);
    const [one, two] = [
      await upload(ana, space, 'a.txt', 'a'),
      await upload(ana, space, 'b.txt', 'b'),
    ];
    const foreign = await upload(ben, space, 'c.txt', 'c');
    const kept = await keep(ana, space, '', { files: [two.id, foreign.id, one.id] });
    expect(kept?.files.map(({ name }) => name)).toEqual(['b.txt', 'a.txt']);
    expect((await list(ana))[0]).toMatchObject({ spaceId: space, files: 2 });
    await app.database.db.execute(sql`
      update files set created_at = now() - interval '25 hours' where space_id = ${space}`);
    await sweep();
    const statuses = async () =>
      Promise.all(
        [one, two].map(async ({ id }) => (await fetchFile(app.url, id, bearer(ana))).status),
      );
    expect(await statuses()).toEqual([200, 200]);
    await keep(ana, space, '', { files: [one.id], base: kept?.version ?? 0 });
    await sweep();
    expect(await statuses()).toEqual([200, 404]);
  });
});
