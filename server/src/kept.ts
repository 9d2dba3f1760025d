import { allTypes, type ContentType } from '@teambrain/contract/kinds.ts';
import { chatChecks, chatKept } from './features/chat/chat.kept.store.ts';
import { filesChecks } from './features/files/files.kept.store.ts';
import { groupsChecks } from './features/groups/groups.kept.store.ts';
import { knowledgeChecks, knowledgeKept } from './features/knowledge/knowledge.kept.store.ts';
import { searchChecks } from './features/search/search.kept.store.ts';
import { spacesChecks } from './features/spaces/spaces.kept.store.ts';
import { unreadChecks } from './features/unread/unread.kept.store.ts';
import type { Check, Kept } from './platform/core/kept.ts';
import { linksChecks } from './platform/links/links.kept.store.ts';

/** What the command line knows of features: where they keep content and what must hold of it. */
export const kept: Record<ContentType, Kept> = { message: chatKept, entry: knowledgeKept };

export const featureChecks: readonly Check[] = [
  ...chatChecks,
  ...filesChecks,
  ...groupsChecks,
  ...knowledgeChecks,
  ...spacesChecks,
  ...unreadChecks,
  ...searchChecks,
  ...linksChecks,
];

/** SQL of all content there is. */
export const contentRows = allTypes
  .map((type) => kept[type])
  .map(
    ({ type, table, text }) =>
      `select '${type}' as type, space_id, id, version, ${text} as text, deleted_at from public.${table}`,
  )
  .join(' union all ');
