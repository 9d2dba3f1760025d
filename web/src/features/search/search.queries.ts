import { search } from '@teambrain/contract/search.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';

/** What matches a query; the results before stay until the new ones are here. */
export function useSearch(q: string) {
  const call = useCall();
  return useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => call(search, { query: { q, limit: 20 } }, { signal }),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  });
}
