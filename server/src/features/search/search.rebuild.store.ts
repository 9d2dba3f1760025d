import { sql } from 'drizzle-orm';
import { typeOf, type ContentKind, type ContentType } from '@teambrain/contract/kinds.ts';
import type { Log } from '../../platform/core/log.ts';
import type { FollowedEvent, Follower } from '../../platform/events/follower.ts';
import type { Database } from '../../platform/db/database.ts';
import { isForEncoder } from '../../platform/text/language.ts';
import { INDEX_FORMAT } from './search.write.store.ts';

/** Passages of one step: people's own changes wait no longer than for these. */
const STEP = 20;
/** Messages of one stretch of chat. */
const STRETCH = 500;

interface Outdated extends Record<string, unknown> {
  id: string;
  space_id: string;
  source_id: string;
  thread_id: string | null;
  kind: ContentKind;
  first_seq: number | null;
  last_seq: number | null;
}

/**
 * Makes passages of an earlier format again after an upgrade, as if what they are made of had
 * changed. The format of each row is the whole state, so it goes on where it was after any stop, and
 * the search finds old and new rows side by side meanwhile.
 */
export function createRebuild(
  db: Database,
  log: Log,
  handle: Follower['handle'],
  /** The event that has texts of a type read again. */
  changeOf: (type: ContentType) => FollowedEvent['type'],
): NonNullable<Follower['background']> {
  let announced: number | null = null;
  const outdated = sql`from passages where format < ${INDEX_FORMAT}`;
  const left = async () =>
    (await db.execute<{ count: number }>(sql`select count(*)::int count ${outdated}`)).rows[0]
      ?.count ?? 0;

  async function announce(): Promise<void> {
    const passages = await left();
    if (passages === 0) log.info('the search index is rebuilt');
    else if (announced === null || passages < 0.9 * announced) {
      log.info({ passages }, 'the search index is being rebuilt');
    } else return;
    announced = passages === 0 ? null : passages;
  }

  return {
    left,
    async isDue() {
      const found = await db.execute(sql`select 1 ${outdated} limit 1`);
      return found.rows.length > 0;
    },
    async step() {
      if (announced === null) await announce();
      const found = await db.execute<Outdated>(sql`
        select id, space_id, source_id, thread_id, kind, first_seq::float8 first_seq,
          last_seq::float8 last_seq
        ${outdated} order by format limit ${STEP}`);
      const { events, taken } = toEvents(found.rows, changeOf);
      await forgetVectors(db, taken);
      await handle(events);
      // What could not be made again must not be tried for ever.
      const kept = await db.execute(sql`
        update passages set format = ${INDEX_FORMAT}
        where id = any(${sql.param(taken)}::uuid[]) and format < ${INDEX_FORMAT} returning id`);
      if (kept.rows.length > 0) {
        log.warn(
          { passages: kept.rows.length },
          'passages stay as an earlier version indexed them',
        );
      }
      await announce();
    },
  };
}

/** Takes the vectors from sentences that the encoder does not understand; others stay as they are. */
async function forgetVectors(db: Database, passages: readonly string[]): Promise<void> {
  const { rows } = await db.execute<{ passage: string; ordinal: number; text: string }>(sql`
    select s.passage_id passage, s.ordinal, coalesce(nullif(s.text, ''), d.title) text
    from sentences s join passages d on d.id = s.passage_id
    where d.id = any(${sql.param(passages)}::uuid[]) and s.embedding is not null`);
  const strange = rows.filter(({ text }) => !isForEncoder(text));
  if (strange.length === 0) return;
  const of = sql`unnest(${sql.param(strange.map(({ passage }) => passage))}::uuid[],
    ${sql.param(strange.map(({ ordinal }) => ordinal))}::int[]) w(passage, ordinal)`;
  await db.execute(sql`
    with gone as (
      delete from sentence_codes c using ${of} where c.passage_id = w.passage and c.ordinal = w.ordinal
    )
    update sentences s set embedding = null from ${of}
    where s.passage_id = w.passage and s.ordinal = w.ordinal`);
}

/** Events that have the sources of passages read again; of chat one short stretch in each thread or stream. */
function toEvents(
  rows: readonly Outdated[],
  changeOf: (type: ContentType) => FollowedEvent['type'],
): { events: FollowedEvent[]; taken: string[] } {
  const events: FollowedEvent[] = [];
  const taken: string[] = [];
  const firsts = new Map<string, number>();
  for (const row of rows) {
    const { id, space_id: spaceId, source_id: subjectId, kind, first_seq, last_seq } = row;
    if (kind !== 'message' || first_seq === null || last_seq === null) {
      events.push({ spaceId, seq: 0, type: changeOf(typeOf(kind)), subjectId });
      taken.push(id);
      continue;
    }
    const stream = `${spaceId} ${row.thread_id}`;
    const first = firsts.get(stream) ?? first_seq;
    firsts.set(stream, first);
    const isNear = first_seq >= first && last_seq < first + STRETCH;
    if (!isNear && first !== first_seq) continue;
    for (const seq of [first_seq, last_seq]) {
      events.push({ spaceId, seq, type: 'message.posted', subjectId });
    }
    taken.push(id);
  }
  return { events, taken };
}
