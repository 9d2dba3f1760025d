import { catchUp } from '@teambrain/contract/catch-up.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useCall } from '../../platform/session.tsx';
import { useUnread } from '../../platform/unread.ts';

/** Milliseconds for which what is new counts as new; while it is shown it is read again after them. */
const FRESH = 20_000;

/** Milliseconds after a message until what is shown is read again. */
const AFTER_MESSAGE = 1_500;

/** What is new in the joined spaces, kept current. */
export function useCatchUp(spaces: readonly Space[] | undefined) {
  const call = useCall();
  const counts = useUnread();
  const { refetch, ...news } = useQuery({
    queryKey: ['catch-up'],
    queryFn: ({ signal }) => call(catchUp, {}, { signal }),
    enabled: spaces !== undefined,
    staleTime: FRESH,
    refetchInterval: FRESH,
    refetchOnMount: 'always',
  });
  useEffect(() => {
    const timer = setTimeout(() => void refetch(), AFTER_MESSAGE);
    return () => clearTimeout(timer);
  }, [counts, refetch]);
  return { ...news, refetch };
}
