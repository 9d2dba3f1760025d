import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { QueryClient } from '@tanstack/react-query';
import { applyChatEvent, isInStream } from '../features/chat/chat.events.ts';
import { confirmSent } from '../features/chat/chat.outbox.tsx';
import { applyKnowledgeEvent } from '../features/knowledge/knowledge.events.ts';
import { applySpaceEvent } from '../features/spaces/spaces.events.ts';
import { announce } from '../platform/announce.tsx';
import { isThreadShown } from '../platform/panel.tsx';
import { noteTyped } from '../platform/live.tsx';
import { isWatched, noteDeletion, noteMessage } from '../platform/unread.ts';

/** Brings an event to every feature; applying it again changes nothing. */
export function applyEvent(client: QueryClient, event: SpaceEvent, myId: string): void {
  applySpaceEvent(client, event, myId);
  applyChatEvent(client, event);
  applyKnowledgeEvent(client, event);
}

/** What an event means to the reader besides the cache; called once for each. */
export function noticeEvent(event: SpaceEvent, myId: string): void {
  if (event.type === 'message.deleted') return noteDeletion(event.space, event.data.id);
  if (event.type !== 'message.posted') return;
  const { id, author, text, threadId } = event.data.message;
  const isShown = isInStream(event.data.message);
  if (isShown) noteTyped(event.space, author.id);
  if (author.id === myId) return confirmSent(id);
  if (isShown) noteMessage(event.space, { id, seq: event.seq });
  if ((isShown && isWatched(event.space)) || (threadId !== null && isThreadShown(threadId))) {
    announce(`${author.name}: ${text.slice(0, 200)}`);
  }
}
