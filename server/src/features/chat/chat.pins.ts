import type { AnswerOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import * as contract from '@teambrain/contract/pins.ts';
import type { Space } from '../../platform/access/access.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { instantOf } from '../../platform/core/instant.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { EventWriter } from '../../platform/events/write.ts';
import * as pins from './chat.pins.store.ts';
import { holdMessage, listByIds } from './chat.store.ts';

export type Pins = ReturnType<typeof createPins>;

/** Pinned messages of a space. A pin never moves a message's version. */
export function createPins(db: Database, write: EventWriter) {
  return {
    /**
     * Pins a message, or takes its pin away; again changes nothing.
     * @throws not-found; gone; invalid-request where the space has too many pins
     */
    async set(space: Space<'write'>, messageId: string, on: boolean): Promise<void> {
      await write(space, async ({ tx, at, next, record }) => {
        const message = await holdMessage(tx, space, messageId);
        if (!message) throw problem('not-found');
        if (message.deletedAt && on) throw problem('gone');
        // Under the space's lock, so that no two pins pass the bound together.
        await next();
        const changed = on
          ? await pins.addPin(tx, space, messageId, at)
          : (await pins.removePin(tx, space, messageId)) && 'removed';
        if (changed === 'full') throw tooMany();
        if (!changed || changed === 'same') return;
        const { id, version } = message;
        await record(contract.messagePinned, { id, version }, { id, on });
      });
    },

    /** @throws invalid-request for a foreign cursor */
    async list(
      space: Space<'read'>,
      { after, limit = 30 }: QueryOf<typeof contract.listPins>,
    ): Promise<AnswerOf<typeof contract.listPins>> {
      const [at = '', id = ''] = decodeCursor(after, 2) ?? [];
      const before = id ? { at: instantOf(at, '/query/after'), id } : null;
      const found = await pins.listPins(db, space, before, limit + 1);
      const messages = await listByIds(
        db,
        space,
        found.map(({ id }) => id),
      );
      const byId = new Map(messages.map((message) => [message.id, message]));
      const rows = found.flatMap(({ id, pin }) => {
        const message = byId.get(id);
        return message ? [{ message, pin }] : [];
      });
      return toPage(rows, limit, ({ message, pin }) => [pin.at, message.id]);
    },
  };
}

function tooMany() {
  const detail = `can have ${contract.PINS_MAX} pinned messages: take one away first`;
  return problem('invalid-request', {
    detail,
    errors: [{ pointer: '/params/spaceId', detail }],
  });
}
