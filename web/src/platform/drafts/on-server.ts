import type { ListedDraft } from '@teambrain/contract/drafts.ts';
import type { ListedScheduled } from '@teambrain/contract/scheduled.ts';
import { useQuery } from '@tanstack/react-query';
import { useCall } from '../session.tsx';

export const draftsKey = ['drafts'] as const;
export const scheduledKey = ['scheduled'] as const;

/** What the server keeps of one's unsent words, the last changed first; other windows tell of changes. */
export function useDrafts<T = readonly ListedDraft[]>(
  select?: (items: readonly ListedDraft[]) => T,
) {
  const call = useCall();
  return useQuery({
    queryKey: draftsKey,
    queryFn: async ({ signal }): Promise<readonly ListedDraft[]> => {
      const { askDrafts } = await import('./lists.ts');
      return askDrafts(call, { signal });
    },
    staleTime: 60_000,
    ...(select && { select }),
  });
}

/** One's messages that are sent later or could not be sent; other windows tell of changes. */
export function useScheduled() {
  const call = useCall();
  return useQuery({
    queryKey: scheduledKey,
    queryFn: async ({ signal }): Promise<readonly ListedScheduled[]> => {
      const { askScheduled } = await import('./lists.ts');
      return askScheduled(call, { signal });
    },
    staleTime: 60_000,
  });
}
