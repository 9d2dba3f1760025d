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
    seqOf: (spaceId, id) => store.findSeq(db, spaceId, id),
    async turns(spans, limit) {
      const found = await readTurns({
        spans: JSON.stringify(spans, ['spaceId', 'first', 'last']),
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
      return found.map((message) => ({ ...toText(message), seq: message.seq }));
    },
    count: (spaceId, range) => store.countStretch(db, spaceId, range),
  };
}

const toText = ({ id, spaceId, version, text, author, createdAt }: Message): SourceText => ({
  ref: { type: 'message', id, spaceId },
  version,
  title: '',
  text,
  author: author.name,
  createdAt: new Date(createdAt),
});
