import {
  entryCreated,
  entryDeleted,
  entryRestored,
  entryUpdated,
  type Entry,
} from '@teambrain/contract/knowledge.ts';
import type { LoadText, SourceText, TextSource } from '../../platform/core/knowledge.ts';
import type { Database } from '../../platform/db/database.ts';
import * as store from './knowledge.store.ts';

/** What search, ask and summaries may know of entries. */
export function createKnowledgeSource(db: Database): TextSource & { load: LoadText } {
  return {
    type: 'entry',
    changedBy: [entryUpdated.type, entryCreated.type, entryDeleted.type, entryRestored.type],
    async describe(visible, ids) {
      const found = await store.listVisible(db, visible, ids);
      return found.map((entry) => ({
        ...toText(entry),
        kind: entry.kind,
        person: entry.updatedBy,
      }));
    },
    async load(spaceId, id) {
      const entry = await store.load(db, spaceId, id);
      return entry && !entry.isDeleted ? { ...toText(entry), kind: entry.kind } : null;
    },
    async loadAll(refs) {
      const found = await store.loadAll(db, refs);
      return found
        .filter(({ isDeleted }) => !isDeleted)
        .map((entry) => ({ ...toText(entry), kind: entry.kind }));
    },
  };
}

const toText = (entry: Entry): SourceText => ({
  ref: { type: 'entry', id: entry.id, spaceId: entry.spaceId },
  version: entry.version,
  title: entry.title,
  text: entry.markdown,
  author: entry.updatedBy.name,
  createdAt: new Date(entry.updatedAt),
});
