import type { AnswerOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { listMyThreads, Thread } from '@teambrain/contract/threads.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { instantOf } from '../../platform/core/instant.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import { tellOwn } from '../../platform/realtime/heads.ts';
import type { Database } from '../../platform/db/database.ts';
import * as store from './chat.store.ts';
import * as threads from './chat.threads.store.ts';

interface ThreadsDependencies {
  db: Database;
  access: Pick<Access, 'visible'>;
  bus: Bus;
}

export type Threads = ReturnType<typeof createThreads>;

/** Reading threads as such, and following them; their replies are messages (chat.service.ts). */
export function createThreads({ db, access, bus }: ThreadsDependencies) {
  return {
    /** @throws not-found for what is no message of the space's own stream */
    async get(space: Space<'read'>, id: string): Promise<Thread> {
      // Read before the root: an event between the two is applied again by its seq.
      const under = await threads.readState(db, space, id);
      const root = await store.findMessage(db, space, id);
      if (root?.threadId !== null) throw problem('not-found');
      return { id, spaceId: space.id, root, ...under };
    },

    /** @throws not-found */
    async follow(space: Space<'read'>, id: string, following: boolean): Promise<void> {
      if (!(await threads.setFollowing(db, space, id, following))) throw problem('not-found');
      tellOwn(bus, space.actor.userId, 'follows');
    },

    /** Replies up to a seq are read; of a thread that is not followed nothing is kept. */
    async read(space: Space<'read'>, id: string, seq: number): Promise<void> {
      if (await threads.moveRead(db, space, id, seq)) tellOwn(bus, space.actor.userId, 'threads');
    },

    async countUnread(actor: Actor): Promise<{ unread: number }> {
      return { unread: await threads.countUnread(db, access.visible(actor)) };
    },

    async readAll(actor: Actor): Promise<void> {
      await threads.readAll(db, access.visible(actor));
      tellOwn(bus, actor.userId, 'threads');
    },

    /** The threads one follows in spaces one may read. @throws invalid-request for a foreign cursor */
    async mine(
      actor: Actor,
      { after, limit = 30, unread }: QueryOf<typeof listMyThreads>,
    ): Promise<AnswerOf<typeof listMyThreads>> {
      const visible = access.visible(actor);
      const [at = '', id = ''] = decodeCursor(after, 2) ?? [];
      const before = id ? { at: instantOf(at, '/query/after'), id } : null;
      const onlyUnread = unread === 'true';
      const page = { before, onlyUnread, limit: limit + 1 };
      const found = await threads.listFollowed(db, visible, page);
      const ids = found.flatMap(({ id, lastId }) => [id, lastId]);
      const known = await store.listAny(db, visible, ids);
      const byKey = new Map(known.map((message) => [keyOf(message.spaceId, message.id), message]));
      const rows = found.flatMap(({ lastId, ...thread }) => {
        const root = byKey.get(keyOf(thread.spaceId, thread.id));
        const last = byKey.get(keyOf(thread.spaceId, lastId));
        return root && last ? [{ ...thread, root, last }] : [];
      });
      return toPage(rows, limit, ({ last, id }) => [last.createdAt, id]);
    },
  };
}

const keyOf = (spaceId: string, id: string) => `${spaceId} ${id}`;
