import type { Message } from '@teambrain/contract/chat.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { QueryClient } from '@tanstack/react-query';
import { putMessage, removeMessage, type MessageWindow } from './chat.window.ts';

export const chatKeys = {
  /** All windows of a space's messages. */
  windows: (spaceId: string) => ['space', spaceId, 'messages'],
  window: (spaceId: string, around: string | undefined) => [
    'space',
    spaceId,
    'messages',
    around ?? 'latest',
  ],
  versions: (spaceId: string, id: string, version: number) => [
    'space',
    spaceId,
    'versions',
    id,
    version,
  ],
} as const;

/** Applies an event of a space's log to every window on its messages. */
export function applyChatEvent(client: QueryClient, event: SpaceEvent): void {
  switch (event.type) {
    case 'message.posted':
    case 'message.edited':
      return cacheMessage(client, event.data.message);
    case 'message.deleted':
      return change(client, event.space, (window) => removeMessage(window, event.data));
  }
}

/** Where answers and events alike put a message. */
export function cacheMessage(client: QueryClient, message: Message): void {
  change(client, message.spaceId, (window) => putMessage(window, message));
}

export function cacheDeletion(client: QueryClient, message: Message): void {
  const gone = {
    id: message.id,
    version: message.version + 1,
    deletedAt: new Date().toISOString(),
  };
  change(client, message.spaceId, (window) => removeMessage(window, gone));
}

function change(
  client: QueryClient,
  spaceId: string,
  how: (window: MessageWindow) => MessageWindow,
): void {
  client.setQueriesData<MessageWindow>(
    { queryKey: chatKeys.windows(spaceId) },
    (window) => window && how(window),
  );
}
