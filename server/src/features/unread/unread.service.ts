import type { BodyOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import { PAGE_LIMIT } from '@teambrain/contract/page.ts';
import type * as contract from '@teambrain/contract/unread.ts';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { decodeCursor, encodeCursor } from '../../platform/core/cursor.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import { tellMarks, tellMembers } from '../../platform/realtime/heads.ts';
import * as store from './unread.store.ts';

export interface UnreadDependencies {
  db: Database;
  access: Access;
  bus: Bus;
  clock: Clock;
}

export type Unread = ReturnType<typeof createUnread>;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** How far people have read, and what they have not. Marks are state of one person, not events. */
export function createUnread({ db, access, bus, clock }: UnreadDependencies) {
  const marks = store.marksOf(db);

  /** The marks of these spaces as they are now; those that moved are told to all windows. */
  async function settle(actor: Actor, ids: readonly string[], moved: readonly string[]) {
    const items = await marks.of(access.visible(actor), ids);
    const isMoved = new Set(moved);
    tellMarks(
      bus,
      actor.userId,
      items.filter(({ spaceId }) => isMoved.has(spaceId)),
    );
    return items;
  }

  return {
    async list(actor: Actor, query: QueryOf<typeof contract.listUnread>) {
      const visible = access.visible(actor);
      if (query.spaces !== undefined) {
        return { items: await marks.of(visible, query.spaces.split(',')), next: null };
      }
      const limit = query.limit ?? PAGE_LIMIT;
      const [after = FIRST] = decodeCursor(query.after, 1) ?? [];
      const found = await marks.page(visible, after, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, next: found.length > limit && last ? encodeCursor([last.spaceId]) : null };
    },

    async ofSpace({ id, actor }: Space<'read'>): Promise<{ items: ReadMark[] }> {
      return { items: await marks.of(access.visible(actor), [id]) };
    },

    /** @throws forbidden: marks are kept for members */
    async put(
      { id, actor }: Space<'read'>,
      { seq, version, isUnread = false }: BodyOf<typeof contract.putReadMark>,
    ): Promise<ReadMark> {
      const told = [{ spaceId: id, seq }];
      const how = { rule: isUnread ? 'unread' : 'further', version, at: clock.now() } as const;
      const moved = await store.moveMarks(db, access.visible(actor), told, how);
      const [mark] = await settle(actor, [id], moved);
      if (!mark) throw problem('forbidden', { detail: 'Join the space to keep how far you read' });
      return mark;
    },

    async putAll(actor: Actor, { marks: told, isFirst }: BodyOf<typeof contract.putReadMarks>) {
      const how = { rule: isFirst ? 'first' : 'further', at: clock.now() } as const;
      const moved = await store.moveMarks(db, access.visible(actor), told, how);
      const ids = told.map(({ spaceId }) => spaceId);
      return { items: await settle(actor, ids, moved) };
    },

    /** An import is over: nothing of it is unread for members who keep no mark in the space. */
    async startHere(spaceId: string): Promise<void> {
      await store.startHere(db, spaceId);
      tellMembers(bus, spaceId);
    },
  };
}
