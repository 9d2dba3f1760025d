import { notifications } from '@mantine/notifications';
import type { Message } from '@teambrain/contract/chat.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { messageOf } from '../../../platform/problem.ts';
import { useSession, useUser } from '../../../platform/session.tsx';
import { cacheReaction } from '../chat.events.ts';

/** Adds one's reaction or takes it back: shown at once, and undone where the server refuses. */
export function useReact({ spaceId, id }: Pick<Message, 'spaceId' | 'id'>) {
  const session = useSession();
  const client = useQueryClient();
  const { id: myId, name } = useUser();
  return useCallback(
    async (emoji: string, on: boolean): Promise<void> => {
      const mine = { id, person: { id: myId, name }, emoji };
      cacheReaction(client, spaceId, { ...mine, on });
      try {
        const params = { spaceId, messageId: id };
        await session.call(reactToMessage, { params, body: { emoji, on } });
      } catch (error) {
        cacheReaction(client, spaceId, { ...mine, on: !on });
        notifications.show({ color: 'red', message: messageOf(error) });
      }
    },
    [client, session, spaceId, id, myId, name],
  );
}
