import { and, asc, eq, gt, inArray, lte, notInArray, sql } from 'drizzle-orm';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import type { EventPage, SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space } from '../access/access.ts';
import { personOf, type Executor } from '../db/database.ts';
import { fitsPage } from '../db/page-bytes.ts';
import { events, instance, spaces } from '../db/schema.ts';
import { dataOf } from './people.ts';

/** Events of a space after a seq as the log keeps them, and whether they fit the bytes of a page. */
const pageOf = (db: Executor, spaceId: string, after: number, limit: number) =>
  db
    .select({
      space: events.spaceId,
      seq: events.seq,
      id: events.id,
      actor: personOf(events.actorId).as('actor'),
      at: events.createdAt,
      type: events.type,
      payload: events.payload,
      fits: fitsPage(sql`${events.payload}::text`, sql`${events.seq}`).as('fits'),
    })
    .from(events)
    // The log has no gaps, so a page is a range: nothing beyond it is read and sorted.
    .where(and(eq(events.spaceId, spaceId), gt(events.seq, after), lte(events.seq, after + limit)))
    .as('page');

/** What readers get of a page's events: names are looked up for those that fit alone. */
function linesOf(page: ReturnType<typeof pageOf>) {
  const { space, seq, id, actor, at, type, payload } = page;
  return { space, seq, id, actor, at, type, data: dataOf(type, payload).as('data') };
}

/**
 * Up to `limit` events after `after`, fewer where they are large (PAGE_BYTES), together with the
 * log's head, in one snapshot.
 */
export async function readLog(
  db: Executor,
  space: Space<'read'>,
  after: number,
  limit: number,
): Promise<EventPage> {
  const page = pageOf(db, space.id, after, limit);
  const rows = await db
    .select({ head: spaces.lastSeq, ...linesOf(page) })
    .from(spaces)
    .leftJoin(page, sql`${page.fits}`)
    .where(eq(spaces.id, space.id))
    .orderBy(asc(page.seq));
  const head = rows[0]?.head ?? 0;
  const items = rows.filter((row) => row.seq !== null).map(toEvent);
  const last = items.at(-1)?.seq ?? after;
  return { items, head, next: last < head && items.length > 0 ? String(last) : null };
}

/**
 * Events of a space for the fan-out, which has no actor: every receiver's grant is checked by the
 * hub that calls this.
 */
export async function readHole(
  db: Executor,
  spaceId: string,
  after: number,
  limit: number,
): Promise<SpaceEvent[]> {
  const page = pageOf(db, spaceId, after, limit);
  const rows = await db
    .select(linesOf(page))
    .from(page)
    .where(sql`${page.fits}`)
    .orderBy(asc(page.seq));
  return rows.map(toEvent);
}

/** Heads of the given spaces; a space that is missing was deleted. */
export async function readHeads(db: Executor, spaceIds: string[]): Promise<Map<string, number>> {
  if (spaceIds.length === 0) return new Map();
  const rows = await db
    .select({ id: spaces.id, head: spaces.lastSeq })
    .from(spaces)
    .where(sql`${spaces.id} = any(${sql.param(spaceIds)}::uuid[])`);
  return new Map(rows.map(({ id, head }) => [id, head]));
}

/** Identity of this log; another one means a restored backup, and old cursors mean nothing. */
export async function readEpoch(db: Executor): Promise<string> {
  const [row] = await db.select({ epoch: instance.logEpoch }).from(instance);
  if (!row) throw new Error('The instance row is missing');
  return row.epoch;
}

type Row = Record<'space' | 'seq' | 'id' | 'actor' | 'at' | 'type' | 'data', unknown>;

function toEvent(row: Row): SpaceEvent {
  const { space, seq, id, actor, type, data } = row;
  return { space, seq, id, actor, at: (row.at as Date).toISOString(), type, data } as SpaceEvent;
}

const WRITTEN = [
  chat.messagePosted,
  chat.messageEdited,
  knowledge.entryCreated,
  knowledge.entryUpdated,
  knowledge.entryRestored,
].map(({ type }) => type);

/** Whether anybody but these people wrote a message or an entry in the space. */
export async function hasWritten(
  db: Executor,
  spaceId: string,
  besides: readonly string[],
): Promise<boolean> {
  const [found] = await db
    .select({ seq: events.seq })
    .from(events)
    .where(
      and(
        eq(events.spaceId, spaceId),
        inArray(events.type, WRITTEN),
        notInArray(events.actorId, [...besides]),
      ),
    )
    .limit(1);
  return found !== undefined;
}
