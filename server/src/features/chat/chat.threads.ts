import type { AnswerOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { listMyThreads, Thread } from '@teambrain/contract/threads.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { instantOf } from '../../platform/core/instant.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import * as store from './chat.store.ts';
import * as threads from './chat.threads.store.ts';

export type Threads = ReturnType<typeof createThreads>;

/** Reading threads as such, and following them; their replies are messages (chat.service.ts). */
export function createThreads(db: Database, access: Pick<Access, 'visible'>) {
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
    },

    /** The threads one follows in spaces one may read. @throws invalid-request for a foreign cursor */
    async mine(
      actor: Actor,
      { after, limit = 30 }: QueryOf<typeof listMyThreads>,
    ): Promise<AnswerOf<typeof listMyThreads>> {
      const visible = access.visible(actor);
      const [at = '', id = ''] = decodeCursor(after, 2) ?? [];
      const before = id ? { at: instantOf(at, '/query/after'), id } : null;
      const found = await threads.listFollowed(db, visible, before, limit + 1);
      const ids = found.flatMap(({ id, lastId }) => [id, lastId]);
      const known = await store.listAny(db, visible, ids);
      const byKey = new Map(known.map((message) => [keyOf(message.spaceId, message.id), message]));
      const rows = found.flatMap(({ id, spaceId, spaceName, spaceVisibility, lastId, state }) => {
        const root = byKey.get(keyOf(spaceId, id));
        const last = byKey.get(keyOf(spaceId, lastId));
        return root && last ? [{ id, spaceId, spaceName, spaceVisibility, root, state, last }] : [];
      });
      return toPage(rows, limit, ({ last, id }) => [last.createdAt, id]);
    },
  };
}

const keyOf = (spaceId: string, id: string) => `${spaceId} ${id}`;
