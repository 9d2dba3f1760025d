import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { QueryClient } from '@tanstack/react-query';
import { applyChatEvent, isInStream } from '../features/chat/chat.events.ts';
import { confirmSent } from '../features/chat/chat.outbox.tsx';
import { applyKnowledgeEvent } from '../features/knowledge/knowledge.events.ts';
import { applySpaceEvent } from '../features/spaces/spaces.events.ts';
import { announce } from '../platform/announce.tsx';
import { isThreadShown } from '../platform/panel.tsx';
import { noteTyped } from '../platform/live.tsx';
import { plain } from '../ui/plain-text.ts';
import { isWatched, noteDeletion, noteMention, noteMessage } from '../platform/unread.ts';

type Apply = (client: QueryClient, event: SpaceEvent, myId: string) => void;

/** Whose caches an event of each type changes; a new type is a type error until it is named here. */
const appliers: Record<SpaceEvent['type'], Apply> = {
  'space.created': applySpaceEvent,
  'space.updated': applySpaceEvent,
  'space.password-changed': applySpaceEvent,
  'member.joined': applySpaceEvent,
  'member.left': applySpaceEvent,
  'member.removed': applySpaceEvent,
  'member.role-changed': applySpaceEvent,
  'message.posted': applyChatEvent,
  'message.edited': applyChatEvent,
  'message.deleted': applyChatEvent,
  'message.reacted': applyChatEvent,
  'message.pinned': applyChatEvent,
  'entry.created': applyKnowledgeEvent,
  'entry.updated': applyKnowledgeEvent,
  'entry.moved': applyKnowledgeEvent,
  'entry.deleted': applyKnowledgeEvent,
  'entry.restored': applyKnowledgeEvent,
};

/**
 * Brings an event to its feature; applying it again changes nothing. An event of a newer server than
 * this page has no feature here.
 */
export function applyEvent(client: QueryClient, event: SpaceEvent, myId: string): void {
  (appliers as Partial<typeof appliers>)[event.type]?.(client, event, myId);
}

/** What an event means to the reader besides the cache; called once for each. */
export function noticeEvent(event: SpaceEvent, myId: string): void {
  if (event.type === 'message.deleted') return noteDeletion(event.space, event.data.id);
  if (event.type === 'message.edited' && event.data.message.author.id !== myId) {
    return noteMention(event.space, event.data.message.seq);
  }
  if (event.type !== 'message.posted') return;
  const { id, author, text, threadId } = event.data.message;
  const isShown = isInStream(event.data.message);
  if (isShown) noteTyped(event.space, author.id);
  if (threadId !== null) noteTyped(event.space, author.id, threadId);
  if (author.id === myId) return confirmSent(id);
  if (isShown) noteMessage(event.space, { id, seq: event.seq });
  if (isShown && mayCall(text, event.space, myId)) noteMention(event.space, event.seq);
  if ((isShown && isWatched(event.space)) || (threadId !== null && isThreadShown(threadId))) {
    announce(`${author.name}: ${plain(text).slice(0, 200)}`);
  }
}

/** Whether a text can mention the reader; whether it does the server says (it knows what is code). */
function mayCall(text: string, spaceId: string, myId: string): boolean {
  const all = [`(/people/${myId})`, `(/s/${spaceId}/members)`, '(/groups/'];
  return text.includes('](/') && all.some((address) => text.toLowerCase().includes(address));
}
