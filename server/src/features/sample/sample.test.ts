import { describe, expect, it, vi } from 'vitest';
import { listMessages, postMessage } from '@teambrain/contract/chat.ts';
import { listEntries } from '@teambrain/contract/knowledge.ts';
import { getSample, loadSample, removeSample } from '@teambrain/contract/sample.ts';
import { createSpace, joinSpace, listMembers, listSpaces } from '@teambrain/contract/spaces.ts';
import { listUnread } from '@teambrain/contract/unread.ts';
import { paths } from '../../platform/core/paths.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { instantOf, readTeam } from './read-team.ts';

/** Repeats the request as the web does, until all is there. */
async function loadAll({ call }: Person) {
  for (let turn = 0; turn < 50; turn += 1) {
    const { state, done, total } = await call(loadSample, {});
    if (state === 'loaded') return { done, total, turns: turn + 1 };
  }
  throw new Error('The sample team was not loaded after 50 requests');
}

describe('the sample team', () => {
  it('is loaded by an administrator, who owns its spaces, and is removed without a trace', async () => {
    const app = await useTestApp();
    const ada = await register(app.url, 'Ada');
    const bob = await register(app.url, 'Bob');
    expect(await codeOf(bob.call(loadSample, {}))).toBe('forbidden');
    expect(await ada.call(getSample, {})).toEqual({ state: 'none', done: 0, total: 0 });

    const { done, total } = await loadAll(ada);
    expect(done).toBe(total);
    const { items: spaces } = await ada.call(listSpaces, { query: { joined: 'true' } });
    expect(spaces.map(({ name, role, visibility }) => [name, role, visibility])).toEqual([
      ['Engineering', 'owner', 'public'],
      ['General', 'owner', 'public'],
      ['Leadership', 'owner', 'protected'],
      ['Product', 'owner', 'public'],
      ['Support', 'owner', 'public'],
    ]);
    // Another administrator's request changes nothing of who owns them.
    await app.database.db.execute(
      `update users set is_administrator = true where id = '${bob.id}'`,
    );
    await vi.waitFor(
      async () => expect(await bob.call(loadSample, {})).toMatchObject({ state: 'loaded' }),
      { timeout: 5_000, interval: 200 },
    );
    const bobs = await bob.call(listSpaces, { query: { joined: 'true' } });
    expect(bobs.items).toEqual([]);
    // What was said before anybody was here is nobody's unread.
    const { items: marks } = await ada.call(listUnread, {});
    expect(marks.map(({ unread }) => unread)).toEqual([0, 0, 0, 0, 0]);
    const counts = { message: 0, reply: 0, document: 0, faq: 0, decision: 0 };
    const people = new Set<string>();
    for (const { id: spaceId } of spaces) {
      const params = { spaceId };
      const page = await ada.call(listMessages, { params, query: { limit: 200 } });
      const { items, states } = page;
      for (const { thread } of states) counts.reply += thread?.replies ?? 0;
      counts.message += items.length;
      const instants = items.map(({ createdAt }) => createdAt);
      expect(instants).toEqual([...instants].sort());
      const entries = await ada.call(listEntries, { params, query: { limit: 200 } });
      for (const { kind } of entries.items) counts[kind] += 1;
      const members = await ada.call(listMembers, { params });
      for (const { user } of members.items) people.add(user.name);
    }
    expect(counts).toEqual({ message: 387, reply: 17, document: 25, faq: 15, decision: 12 });
    expect(people.size).toBe(8 + 1);

    // Again changes nothing.
    expect(await ada.call(loadSample, {})).toMatchObject({ state: 'loaded', total });
    expect(await ada.call(removeSample, {})).toEqual({ removed: 5, kept: [] });
    expect((await ada.call(listSpaces, { query: {} })).items).toEqual([]);
    const { rows } = await app.database.db.execute('select name from users order by name');
    expect(rows).toEqual([{ name: 'Ada' }, { name: 'Bob' }]);
  });

  it('keeps spaces in which people have written since, and names them', async () => {
    const app = await useTestApp();
    const ada = await register(app.url, 'Ada');
    const bob = await register(app.url, 'Bob');
    await loadAll(ada);
    const { items: spaces } = await ada.call(listSpaces, { query: {} });
    const spaceId = spaces.find(({ name }) => name === 'Support')?.id ?? '';
    await bob.call(joinSpace, { params: { spaceId }, body: {} });
    await bob.call(postMessage, { params: { spaceId }, body: { text: 'Ours from now on' } });

    const { removed, kept } = await ada.call(removeSample, {});
    expect([removed, kept]).toEqual([4, [{ id: spaceId, name: 'Support' }]]);
    const { items } = await bob.call(listMessages, { params: { spaceId }, query: { limit: 2 } });
    expect(items.map(({ author, text }) => [author.name, text]).at(-1)).toEqual([
      'Bob',
      'Ours from now on',
    ]);
    expect(await ada.call(getSample, {})).toMatchObject({ state: 'none' });
  });

  it('that was loaded before there was an account belongs to the first administrator who asks', async () => {
    const app = await useTestApp();
    const importer = await app.auth.createImported('TeamBrain import');
    while ((await app.sample.load(importer)).state !== 'loaded');
    const ada = await register(app.url, 'Ada');
    const joined = { query: { joined: 'true' } } as const;
    expect((await ada.call(listSpaces, joined)).items).toEqual([]);
    expect(await ada.call(loadSample, {})).toMatchObject({ state: 'loaded' });
    const { items } = await ada.call(listSpaces, joined);
    expect(items.map(({ role }) => role)).toEqual(Array(5).fill('owner'));
  });

  it('is refused where there are spaces already', async () => {
    const app = await useTestApp();
    const ada = await register(app.url, 'Ada');
    await ada.call(createSpace, { body: { name: 'Ours', visibility: 'public' } });
    expect(await codeOf(ada.call(loadSample, {}))).toBe('conflict');
    expect(await ada.call(getSample, {})).toMatchObject({ state: 'none' });
  });

  it('has nothing that happens on a weekend, or before what it refers to', async () => {
    const { spaces } = await readTeam(paths.sample);
    const now = new Date('2026-11-27T08:00:00Z');
    for (const { items } of spaces) {
      const days = items.map(({ at }) => instantOf(at, now).getUTCDay());
      expect(days.filter((day) => day % 6 === 0)).toEqual([]);
      const titles = items.map((item) => (item.kind === 'message' ? '' : item.title));
      for (const [index, item] of items.entries()) {
        if (item.kind === 'message' || item.parent === null) continue;
        expect(titles.indexOf(item.parent)).toBeLessThan(index);
        expect(titles).toContain(item.parent);
      }
    }
  });
});
