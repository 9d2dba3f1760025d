import * as knowledge from '@teambrain/contract/knowledge.ts';
import type { Entry, EntryKind, EntryCard, Revision } from '@teambrain/contract/knowledge.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Call } from '@teambrain/client/call.ts';
import {
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';
import {
  byTitle,
  cacheEntry,
  entryKeys,
  noteDeletion,
  type ShownEntry,
} from './knowledge.events.ts';

/** At most so many entries are read into a list, in pages that may be shorter than asked for. */
const MOST = 2_000;

function entriesQuery(call: Call, spaceId: string, kind: EntryKind) {
  return queryOptions({
    queryKey: entryKeys.list(spaceId, kind),
    queryFn: async ({ signal }): Promise<ShownEntry[]> => {
      const all: ShownEntry[] = [];
      let after: string | undefined;
      while (all.length < MOST) {
        const query = { kind, limit: 200, ...(after && { after }) };
        const page = await call(knowledge.listEntries, { params: { spaceId }, query }, { signal });
        all.push(...page.items);
        if (page.next === null) break;
        after = page.next;
      }
      return all.sort(byTitle);
    },
    staleTime: Infinity,
  });
}

/** All entries of a kind by title, without their text; kept current by events. */
export function useEntries(spaceId: string, kind: EntryKind, enabled = true) {
  return useQuery({ ...entriesQuery(useCall(), spaceId, kind), enabled });
}

/** The same of several spaces, one list for each; empty while it is being read. */
export function useEntriesOf(spaceIds: readonly string[], kind: EntryKind): ShownEntry[][] {
  const call = useCall();
  return useQueries({
    queries: spaceIds.map((spaceId) => entriesQuery(call, spaceId, kind)),
    combine: (results) => results.map(({ data }) => data ?? []),
  });
}

export function useEntry(spaceId: string, entryId: string) {
  const call = useCall();
  return useQuery({
    queryKey: entryKeys.entry(spaceId, entryId),
    queryFn: ({ signal }): Promise<Entry> =>
      call(knowledge.getEntry, { params: { spaceId, entryId } }, { signal }),
    staleTime: Infinity,
  });
}

export function useCreateEntry(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  return async (body: BodyOf<typeof knowledge.createEntry>): Promise<Entry> => {
    const entry = await call(knowledge.createEntry, { params: { spaceId }, body });
    cacheEntry(client, entry);
    return entry;
  };
}

/** Changes an entry; `version` is the one the change is based on. */
export function useUpdateEntry(spaceId: string, entryId: string) {
  const call = useCall();
  const client = useQueryClient();
  return async (body: BodyOf<typeof knowledge.updateEntry>, version: number): Promise<Entry> => {
    const params = { spaceId, entryId };
    const entry = await call(knowledge.updateEntry, { params, body, version });
    cacheEntry(client, entry);
    return entry;
  };
}

export function useDeleteEntry() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ spaceId, id: entryId }: EntryCard) =>
      call(knowledge.deleteEntry, { params: { spaceId, entryId } }),
    onSuccess: (_, { spaceId, id }) => noteDeletion(client, spaceId, id),
  });
}

export function useRestoreEntry() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (params: { spaceId: string; entryId: string }) =>
      call(knowledge.restoreEntry, { params }),
    onSuccess: async (entry) => {
      // Who looks at its page has “deleted” there, whatever the version.
      client.removeQueries({
        queryKey: entryKeys.entry(entry.spaceId, entry.id),
        type: 'inactive',
      });
      cacheEntry(client, entry);
      await client.invalidateQueries({ queryKey: entryKeys.entry(entry.spaceId, entry.id) });
    },
  });
}

export function useRevisions(spaceId: string, entryId: string) {
  const call = useCall();
  return useInfiniteQuery({
    queryKey: entryKeys.revisions(spaceId, entryId),
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: 20, ...(pageParam && { after: pageParam }) };
      return call(knowledge.listRevisions, { params: { spaceId, entryId }, query }, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

/** Makes an older version the present one again, as a new version. */
export function useRestoreRevision(entry: Entry | undefined) {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version }: Revision) => {
      if (!entry) throw new Error('There is no entry to restore into');
      const params = { spaceId: entry.spaceId, entryId: entry.id };
      return call(knowledge.restoreRevision, {
        params,
        body: { version },
        version: entry.version,
      });
    },
    onSuccess: (restored) => cacheEntry(client, restored),
  });
}
