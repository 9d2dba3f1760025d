import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMessage, editMessage } from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { sql } from 'drizzle-orm';

let app: TestApp;
let ana: Person;
let space: string;
let root: string;
let answer: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  space = await createSpace(ana);
  root = (await post(ana, space, 'Where is the zanzibar telescope kept?')).id;
  for (const n of upTo(5)) await post(ana, space, `Something else about lunch number ${n}.`);
  answer = (await reply(ana, space, root, 'In the quokka cupboard on the second floor.')).id;
  await app.followers.idle();
});
afterAll(() => app.close());

const idsFor = async (q: string) => {
  await app.followers.idle();
  return (await ana.call(search, { query: { q, space } })).items.map(({ source }) => source.id);
};
const at = (messageId: string) => ({ params: { spaceId: space, messageId } });
const runs = async () =>
  (
    await app.database.db.execute<{ sources: string[] }>(sql`
      select array_agg(s.source_id::text order by s.ordinal) sources from passages p
      join sentences s on s.passage_id = p.id where p.space_id = ${space} and p.thread_id = ${root}
      group by p.id`)
  ).rows.map(({ sources }) => [...new Set(sources)]);

describe('a thread in the index', () => {
  it('is a run of its own, which holds the replies and not the root', async () => {
    expect(await runs()).toEqual([[answer]]);
  });

  it('is found by words of the root and of the reply together', async () => {
    const found = await idsFor('zanzibar telescope quokka cupboard');
    expect(found).toContain(answer);
    expect(found.filter((id) => id === root).length).toBeLessThanOrEqual(1);
    expect(await idsFor('zanzibar telescope')).toContain(root);
  });

  it('is summarised with its root', async () => {
    const summary = await ana.call(summarise, {
      params: { spaceId: space },
      body: { target: { kind: 'thread', id: root } },
    });
    expect(summary).toMatchObject({ sources: 2, of: 2 });
    const cited = summary.citations.map(({ source }) => source.id);
    expect(new Set(cited)).toEqual(new Set([root, answer]));
  });

  it('follows an edit of the root, and has nothing of it once it is deleted', async () => {
    await ana.call(editMessage, { ...at(root), body: { text: 'Where is the marzipan lens?' } });
    expect(await idsFor('marzipan quokka')).toContain(answer);
    const terms = async (term: string) =>
      (await app.database.db.execute(sql`select 1 from postings where term like ${`${term}%`}`))
        .rows.length;
    expect(await terms('zanzibar')).toBe(0);
    await ana.call(deleteMessage, at(root));
    await app.followers.idle();
    expect(await terms('marzipan')).toBe(0);
    expect(await idsFor('quokka')).toEqual([answer]);
  });
});
