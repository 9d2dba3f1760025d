import type { Message } from '@teambrain/contract/chat.ts';
import type { ChatStretch, ContentSource, SourceText } from '../../platform/core/knowledge.ts';
import type { Database } from '../../platform/db/database.ts';
import * as store from './chat.store.ts';

/** What search, ask and summaries may know of messages. */
export function createChatSource(db: Database): ContentSource & ChatStretch {
  const readTurns = store.turnsOf(db);
  return {
    type: 'message',
    async describe(visible, ids) {
      const found = await store.listVisible(db, visible, ids);
      return found.map((message) => ({
        ...toText(message),
        kind: 'message' as const,
        person: message.author,
      }));
    },
    async placesOf(refs) {
      const found = await store.listPlaces(db, refs);
      return new Map(found.map(({ spaceId, id, ...place }) => [`${spaceId} ${id}`, place]));
    },
    async turns(spans, limit) {
      const found = await readTurns({
        spans: JSON.stringify(spans, ['spaceId', 'threadId', 'first', 'last']),
        limit,
      });
      return found.map(({ id, spaceId, ...turn }) => ({
        ...turn,
        ref: { type: 'message', id, spaceId },
        title: '',
      }));
    },
    async stretch(spaceId, range) {
      const found = await store.listStretch(db, spaceId, range);
      return afterRoots(found).map((message) => ({
        ...toText(message),
        seq: message.seq,
        threadId: message.threadId,
      }));
    },
    count: (spaceId, range) => store.countStretch(db, spaceId, range),
  };
}

/** Messages in the order of a log, each reply moved up to its root, or to the first reply without it. */
function afterRoots(messages: readonly Message[]): Message[] {
  const threads = new Map<string, Message[]>();
  for (const message of messages) {
    const key = message.threadId ?? message.id;
    const thread = threads.get(key);
    if (thread) thread.push(message);
    else threads.set(key, [message]);
  }
  return [...threads.values()].flat();
}

const toText = ({ id, spaceId, version, text, author, createdAt }: Message): SourceText => ({
  ref: { type: 'message', id, spaceId },
  version,
  title: '',
  text,
  author: author.name,
  createdAt: new Date(createdAt),
});
