import { sql, type SQL } from 'drizzle-orm';
import type { Span } from '../../platform/core/knowledge.ts';
import type { Database } from '../../platform/db/database.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { readLexemes } from '../../platform/db/terms.ts';
import { stepsFor, stepsOf, writing, type Change, type Step } from './search.write.store.ts';

/** A passage as it is in the index, with the keys of its sentences in order. */
export interface StandingPassage {
  id: string;
  sourceId: string;
  sentences: string[];
}

/** What the index holds of something, and at which version of the space's index that was read. */
export interface Standing {
  spaceId: string;
  version: number;
  passages: StandingPassage[];
}

/** A span made of whole runs, with what stands of it. */
export type Stretch = Span & Standing;

/** The index as its upkeep reads and writes it. */
export function createIndexStore(db: Database, language: string) {
  const readStretches = prepare<Stretch, 'spans'>(
    db,
    'index stretches',
    stretchesOf(sql.placeholder('spans')),
  );
  const readEntries = prepare<Standing & { id: string }, 'entries'>(
    db,
    'index entries',
    sql`select i."spaceId", i.id, ${versionOf(sql`i."spaceId"`)} version,
        ${standing(sql`p.space_id = i."spaceId" and p.source_id = i.id`)} passages
      from jsonb_to_recordset(${sql.placeholder('entries')}::jsonb) i("spaceId" uuid, id uuid)`,
  );
  const readRuns = prepare<Span, 'spaceId' | 'threadId'>(
    db,
    'index runs of a thread',
    sql`select p.space_id "spaceId", p.thread_id "threadId", p.first_seq::float8 first,
        p.last_seq::float8 last
      from (select ${sql.placeholder('spaceId')}::uuid "spaceId",
        ${sql.placeholder('threadId')}::uuid "threadId") i
      join passages p on ${isOf(sql`i`)} order by p.last_seq`,
  );
  const writeStep = prepare<{ held: number }, keyof Step>(
    db,
    'index write',
    writing({ input: sql.placeholder('input'), vectors: sql.placeholder('vectors') }),
  );

  return {
    /**
     * The stretches to build again when messages were posted or changed in these spans: from the run
     * that begins at or before the first to the end of the run that holds the last.
     */
    findStretches: (spans: readonly Span[]) => readStretches({ spans: JSON.stringify(spans) }),

    /** The runs that a thread has, in order, as spans. */
    findRuns: (spaceId: string, threadId: string) => readRuns({ spaceId, threadId }),

    /** What stands of each entry. */
    findEntries: (entries: readonly { spaceId: string; id: string }[]) =>
      readEntries({ entries: JSON.stringify(entries) }),

    stepsFor,

    /**
     * Makes changes, each of another space.
     *
     * @throws Error if the index of one moved since it was read, which then stays as it is: begin again
     */
    async write(changes: readonly Change[], vectors: readonly Float32Array[]): Promise<void> {
      const forms = changes.flatMap(({ passages }) =>
        passages.flatMap(({ weights }) => [...weights.words.keys()]),
      );
      const steps = stepsOf(changes, vectors, await readLexemes(db, language, forms));
      const requireAll = ([row]: { held: number }[]) => {
        if (row?.held !== changes.length) throw new Error('The index of a space moved meanwhile');
      };
      if (stepsFor(changes) === 1) {
        for (const only of steps) requireAll(await writeStep(only));
        return;
      }
      await db.transaction(async (tx) => {
        for (const { input, vectors: own } of steps) {
          const step = writing({ input: sql.param(input), vectors: sql.param(own) });
          requireAll((await tx.execute<{ held: number }>(step)).rows);
        }
      });
    },
  };
}

const versionOf = (space: SQL) =>
  sql`coalesce((select v.version from search_versions v where v.space_id = ${space}), 0)::float8`;

const standing = (condition: SQL) => sql`coalesce((
  select json_agg(json_build_object('id', p.id, 'sourceId', p.source_id, 'sentences', coalesce((
    select json_agg(concat_ws(' ', s.source_id, s.version, s.start, s."end", s.author) order by s.ordinal)
    from sentences s where s.passage_id = p.id), '[]')) order by p.last_seq, p.id)
  from passages p where ${condition}), '[]')`;

/** The runs of a thread, or of the space's own stream: the index `passages_run` is made for it. */
const isOf = (span: SQL) =>
  sql`p.space_id = ${span}."spaceId" and coalesce(p.thread_id, p.space_id) = coalesce(${span}."threadId", ${span}."spaceId")`;

/** `until`, `of_first`, `of_last`: the runs before the span's first, and those that may hold its ends. */
const stretchesOf = (spans: unknown) => {
  const run = (condition: SQL, order: SQL) => sql`lateral (
    select p.first_seq, p.last_seq from passages p where ${isOf(sql`i`)} and ${condition}
    order by ${order} limit 1)`;
  return sql`
    select w."spaceId", w."threadId", w.first::int, w.last::int,
      ${versionOf(sql`w."spaceId"`)} version,
      ${standing(sql`${isOf(sql`w`)} and p.last_seq >= w.first and p.first_seq <= w.last`)} passages
    from jsonb_to_recordset(${spans}::jsonb)
      i("spaceId" uuid, "threadId" uuid, first bigint, last bigint)
    left join ${run(sql`p.last_seq < i.first`, sql`p.last_seq desc`)} until on true
    left join ${run(sql`p.last_seq >= i.first`, sql`p.last_seq`)} of_first on true
    left join ${run(sql`p.last_seq >= i.last`, sql`p.last_seq`)} of_last on true
    cross join lateral (
      select i."spaceId", i."threadId",
        case when of_first.first_seq <= i.first then of_first.first_seq
          else coalesce(until.first_seq, i.first) end first,
        case when of_last.first_seq <= i.last then of_last.last_seq else i.last end last
    ) w`;
};
