import { notifications } from '@mantine/notifications';
import type { Message, Pin } from '@teambrain/contract/chat.ts';
import { pinMessage, unpinMessage } from '@teambrain/contract/pins.ts';
import { useQueryClient } from '@tanstack/react-query';
import { messageOf } from '../../../platform/problem.ts';
import { useSession, useUser } from '../../../platform/session.tsx';
import { cachePin } from '../chat.events.ts';

/** Pins a message for everyone or takes its pin away: shown at once, undone where the server refuses. */
export function usePin({ spaceId, id }: Pick<Message, 'spaceId' | 'id'>, before: Pin | null) {
  const session = useSession();
  const client = useQueryClient();
  const { id: myId, name } = useUser();
  return async (): Promise<void> => {
    const mine = { by: { id: myId, name }, at: new Date().toISOString() };
    cachePin(client, spaceId, { id, pin: before ? null : mine });
    try {
      const change = before ? unpinMessage : pinMessage;
      await session.call(change, { params: { spaceId, messageId: id } });
    } catch (error) {
      cachePin(client, spaceId, { id, pin: before });
      notifications.show({ color: 'red', message: messageOf(error) });
    }
  };
}
