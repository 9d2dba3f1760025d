import type { Connection } from '../platform/db/connection.ts';
import { FORMER_WORDS } from '../platform/events/words.ts';
import { jobsChecks } from '../platform/jobs/jobs.kept.store.ts';
import { contentRows, featureChecks } from '../kept.ts';
import type { Check } from '../platform/core/kept.ts';
import { quoted } from './tables.store.ts';

export interface Finding {
  name: string;
  law: string;
  count: number;
  /** Some of the places. */
  examples: string[];
}

export const EXAMPLES = 5;

/** Runs a check within the snapshot of the caller; null if everything is as it must be. */
export async function runCheck(
  connection: Connection,
  { name, law, sql }: Pick<Check, 'name' | 'law' | 'sql'>,
): Promise<Finding | null> {
  const { rows } = await connection.query<{ total: number; what: string }>(
    `with content as (${contentRows}) select count(*) over ()::int as total, found.what::text as what from (${sql}) found limit ${EXAMPLES}`,
  );
  if (!rows[0]) return null;
  return { name, law, count: rows[0].total, examples: rows.map(({ what }) => what) };
}

const ofLog: Check[] = [
  {
    name: 'log-gap',
    law: 'seq is 1 … n in each space, without gaps',
    sql: `select 'space ' || space_id || ': after ' || before || ' comes ' || seq as what
      from (select space_id, seq, lag(seq, 1, 0::bigint) over (partition by space_id order by seq) as before
            from events) e where seq <> before + 1`,
  },
  {
    name: 'log-counter',
    law: 'last_seq of a space is the seq of its last event',
    sql: `select 'space ' || s.id || ': last_seq ' || s.last_seq || ', last event ' || coalesce(max(e.seq), 0) as what
      from spaces s left join events e on e.space_id = s.id
      group by s.id having s.last_seq <> coalesce(max(e.seq), 0)`,
  },
  {
    name: 'log-foreign-transactions',
    law: 'every event carries a transaction id of this server (others were copied past `teambrain restore`)',
    sql: `select 'space ' || space_id || ' seq ' || seq || ': tx ' || tx as what from events
      where tx >= pg_snapshot_xmax(pg_current_snapshot())`,
  },
  {
    // A file has a name of its own, and so many bytes.
    name: 'event-names',
    law: 'events carry people by their ids alone, not by names that they may have had before',
    sql: `select 'space ' || space_id || ' seq ' || seq as what from events
      where payload @? '$.**{1 to last} ? (exists(@.id) && exists(@.name) && !exists(@.bytes))'`,
  },
  {
    name: 'event-words',
    law: 'events carry no word that was changed or deleted since: a text, a title, a name',
    sql: FORMER_WORDS,
  },
  {
    name: 'instance',
    law: 'there is one instance row, with the identity of the log',
    sql: `select count(*) || ' rows' as what from instance having count(*) <> 1`,
  },
];

const ofFollowers: Check[] = [
  {
    name: 'follower-ahead',
    law: 'no follower of the log is ahead of it (it would skip what comes)',
    sql: `select follower || ' at tx ' || tx as what from follower_cursors
      where tx >= pg_snapshot_xmax(pg_current_snapshot())`,
  },
  {
    name: 'follower-parked',
    law: 'every follower of the log could handle every event (others are parked: hidden from search, and tried again)',
    sql: `select follower || ': ' || type || ' ' || seq || ' of space ' || space_id || ' failed '
        || attempts || ' times (' || error || '), tried again ' || retry_at as what
      from parked_events`,
  },
  {
    name: 'follower-lease',
    law: 'no follower is held by a process for ever',
    sql: `select follower || ' until ' || lease_until as what from follower_cursors
      where lease_until > now() + interval '1 hour'`,
  },
];

/** What must hold whatever the features keep: of the log and of those who follow it. */
const ofPlatform: readonly Check[] = [...ofLog, ...ofFollowers, ...jobsChecks];
export const checks: readonly Check[] = [...ofPlatform, ...featureChecks];

/** Keys of the store of files, in a snapshot of the caller; `isHeld` where bytes have to be there. */
export async function* readBlobs(
  connection: Connection,
): AsyncGenerator<{ key: string; bytes: number; isHeld: boolean }> {
  type Row = { key: string; bytes: string; held: boolean };
  for (let after: string | null = null; ;) {
    const { rows }: { rows: Row[] } = await connection.query<Row>(
      `select key, bytes::text, stored_at is not null and released_at is null as held from blobs
       where $1::uuid is null or key > $1::uuid order by key limit 5000`,
      [after],
    );
    for (const { key, bytes, held } of rows) yield { key, bytes: Number(bytes), isHeld: held };
    after = rows.at(-1)?.key ?? null;
    if (after === null) return;
  }
}

/** The files whose bytes, or small pictures, lie under these keys. */
export async function filesOfKeys(
  connection: Connection,
  keys: readonly string[],
): Promise<string[]> {
  const { rows } = await connection.query<{ what: string }>(
    `select 'file ' || id || case when message_id is null then '' else ' of message ' || message_id end as what
     from files where blob_key = any($1::uuid[]) or small_key = any($1::uuid[])`,
    [keys],
  );
  return rows.map(({ what }) => what);
}

/** One check per foreign key: what it promises is so. */
export async function orphanChecks(connection: Connection): Promise<Check[]> {
  const { rows } = await connection.query<{
    owner: string;
    target: string;
    columns: string[];
    keys: string[];
  }>(`
    select c.relname as owner, t.relname as target,
      (select json_agg(a.attname order by k.place) from unnest(f.conkey) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number) as columns,
      (select json_agg(a.attname order by k.place) from unnest(f.confkey) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number) as keys
    from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class t on t.oid = f.confrelid
    where f.contype = 'f' and f.connamespace = 'public'::regnamespace and f.conparentid = 0
    order by 1, 2`);
  return rows.map(({ owner, target, columns, keys }) => {
    const match = columns.map(
      (column, index) => `t.${quoted(keys[index] ?? '')} = o.${quoted(column)}`,
    );
    const isSet = columns.map((column) => `o.${quoted(column)} is not null`);
    const shown = columns.map((column) => `o.${quoted(column)}::text`).join(`, ' ', `);
    return {
      name: 'orphan',
      law: `each ${columns.join(', ')} in ${owner} has its row in ${target}`,
      sql: `select '${owner} ' || concat(${shown}) as what from public.${quoted(owner)} o
        where ${isSet.join(' and ')} and not exists (
          select from public.${quoted(target)} t where ${match.join(' and ')})`,
    };
  });
}
