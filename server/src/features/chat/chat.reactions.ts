import { messageReacted, REACTIONS_MAX } from '@teambrain/contract/reactions.ts';
import type { Space } from '../../platform/access/access.ts';
import { problem } from '../../platform/core/problem.ts';
import type { EventWriter } from '../../platform/events/write.ts';
import * as reactions from './chat.reactions.store.ts';
import { holdMessage } from './chat.store.ts';

export type Reactions = ReturnType<typeof createReactions>;

/** Emoji under messages. They never move a message's version. */
export function createReactions(write: EventWriter) {
  return {
    /**
     * Adds the actor's reaction or takes it back; again changes nothing.
     * @throws not-found; gone; invalid-request where the message has too many different emoji
     */
    async react(
      space: Space<'write'>,
      messageId: string,
      { emoji, on }: { emoji: string; on: boolean },
    ): Promise<void> {
      await write(space, async ({ tx, at, record }) => {
        const message = await holdMessage(tx, space, messageId);
        if (!message) throw problem('not-found');
        if (message.deletedAt) throw problem('gone');
        if (!(await change(tx, at))) return;
        const { id, version } = message;
        await record(messageReacted, { id, version }, { id, emoji, on });
      });

      async function change(tx: Parameters<typeof holdMessage>[0], at: Date): Promise<boolean> {
        if (!on) return reactions.removeReaction(tx, space, messageId, emoji);
        const added = await reactions.addReaction(tx, space, messageId, emoji, at);
        if (added !== 'full') return added === 'added';
        const detail = `has ${REACTIONS_MAX} different reactions already`;
        throw problem('invalid-request', {
          detail,
          errors: [{ pointer: '/params/messageId', detail }],
        });
      }
    },
  };
}
