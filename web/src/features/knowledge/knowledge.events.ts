import type { Entry, EntryCard, EntryKind } from '@teambrain/contract/knowledge.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { QueryClient } from '@tanstack/react-query';
import { dropRecents } from '../../platform/recents.ts';
import { plain } from '../../ui/plain-text.ts';

/** An entry in a list; events carry it without its beginning, which is then the last one known. */
export type ShownEntry = EntryCard & { excerpt?: string };

export const entryKeys = {
  lists: (spaceId: string) => ['space', spaceId, 'entries'],
  list: (spaceId: string, kind: EntryKind) => ['space', spaceId, 'entries', kind],
  entry: (spaceId: string, entryId: string) => ['space', spaceId, 'entry', entryId],
  revisions: (spaceId: string, entryId: string) => ['space', spaceId, 'revisions', entryId],
} as const;

/** Applies an event of a space's log to lists and pages of entries. */
export function applyKnowledgeEvent(client: QueryClient, event: SpaceEvent): void {
  switch (event.type) {
    case 'entry.created':
    case 'entry.updated':
      return noteCard(client, event.data.entry);
    case 'entry.restored':
      noteCard(client, event.data.entry);
      // A page may still be reading that it was deleted, in the same version.
      return void client.invalidateQueries({
        queryKey: entryKeys.entry(event.space, event.data.entry.id),
      });
    case 'entry.moved':
      return notePlace(client, event.space, event.data);
    case 'entry.deleted':
      return noteDeletion(client, event.space, event.data.id);
  }
}

/** An event carries no text: a page that shows an older version reads the new one. */
function noteCard(client: QueryClient, card: EntryCard): void {
  listCard(client, card);
  notePlace(client, card.spaceId, card);
  const key = entryKeys.entry(card.spaceId, card.id);
  const shown = client.getQueryState<Entry>(key);
  if (shown && (shown.error || !shown.data || shown.data.version < card.version)) {
    void client.invalidateQueries({ queryKey: key });
    void client.invalidateQueries({ queryKey: entryKeys.revisions(card.spaceId, card.id) });
  }
}

/**
 * Puts an entry under another document. A version says nothing of places, but events come in their
 * order: so places are taken from events, and from an answer only with a newer version.
 */
function notePlace(
  client: QueryClient,
  spaceId: string,
  { id, parentId }: Pick<EntryCard, 'id' | 'parentId'>,
): void {
  client.setQueriesData<ShownEntry[]>({ queryKey: entryKeys.lists(spaceId) }, (list) => {
    const known = list?.find((one) => one.id === id);
    if (!list || !known || known.parentId === parentId) return list;
    return list.with(list.indexOf(known), { ...known, parentId });
  });
  client.setQueryData<Entry>(entryKeys.entry(spaceId, id), (entry) =>
    entry && entry.parentId !== parentId ? { ...entry, parentId } : entry,
  );
}

export function noteDeletion(client: QueryClient, spaceId: string, entryId: string): void {
  dropRecents((page) => page.entryId === entryId);
  client.setQueriesData<ShownEntry[]>({ queryKey: entryKeys.lists(spaceId) }, (list) =>
    list?.filter((one) => one.id !== entryId),
  );
  void client.invalidateQueries({ queryKey: entryKeys.entry(spaceId, entryId) });
}

/** Takes over an entry as an answer gave it; the newest version wins. */
export function cacheEntry(client: QueryClient, entry: Entry): void {
  const { markdown: _markdown, decision: _decision, ...card } = entry;
  listCard(client, {
    ...card,
    excerpt: plain(entry.decision?.outcome || entry.markdown).slice(0, 160),
  });
  client.setQueryData<Entry>(entryKeys.entry(entry.spaceId, entry.id), (known) =>
    known && known.version >= entry.version ? known : entry,
  );
  void client.invalidateQueries({ queryKey: entryKeys.revisions(entry.spaceId, entry.id) });
}

function listCard(client: QueryClient, card: ShownEntry): void {
  client.setQueryData<ShownEntry[]>(
    entryKeys.list(card.spaceId, card.kind),
    (list) => list && withCard(list, card),
  );
}

/** The list with that card in its place by title, unless it has a newer one. */
export function withCard(list: ShownEntry[], card: ShownEntry): ShownEntry[] {
  const known = list.find((one) => one.id === card.id);
  if (known && known.version >= card.version) return list;
  const { excerpt } = { ...known, ...card };
  const shown = excerpt === undefined ? card : { ...card, excerpt };
  return [...list.filter((one) => one !== known), shown].sort(byTitle);
}

export function byTitle(a: EntryCard, b: EntryCard): number {
  return a.title.localeCompare(b.title, undefined, { numeric: true });
}
