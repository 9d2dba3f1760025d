import { catchUp, CATCH_UP_SPACES } from '@teambrain/contract/catch-up.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useCall } from '../../platform/session.tsx';
import { isWatched, seenSeq, setCount, useUnread } from '../../platform/unread.ts';

/** Milliseconds for which what is new counts as new; while it is shown it is read again after them. */
const FRESH = 20_000;

/** Milliseconds after a message until what is shown is read again. */
const AFTER_MESSAGE = 1_500;

/**
 * What is new in the joined spaces; counts of unread messages go to the side bar as well. Where it
 * is shown it is kept current.
 */
export function useCatchUp(spaces: readonly Space[] | undefined, isShown: boolean) {
  const call = useCall();
  const counts = useUnread();
  const { refetch, ...news } = useQuery({
    queryKey: ['catch-up'],
    queryFn: async ({ signal }) => {
      const marks = new Map(
        (spaces ?? []).slice(0, CATCH_UP_SPACES).map(({ id }) => [id, seenSeq(id)] as const),
      );
      const seen = [...marks].filter(([, seq]) => seq !== null).map((mark) => mark.join(':'));
      const query = seen.length > 0 ? { seen: seen.join(',') } : {};
      const answer = await call(catchUp, { query }, { signal });
      for (const { spaceId, unread } of answer.spaces) {
        // Who has read on meanwhile is not told what was unread before.
        if (seenSeq(spaceId) === marks.get(spaceId) && !isWatched(spaceId))
          setCount(spaceId, unread);
      }
      return answer;
    },
    enabled: spaces !== undefined,
    staleTime: FRESH,
    refetchInterval: isShown && FRESH,
    refetchOnMount: isShown ? 'always' : true,
  });
  useEffect(() => {
    if (!isShown) return undefined;
    const timer = setTimeout(() => void refetch(), AFTER_MESSAGE);
    return () => clearTimeout(timer);
  }, [isShown, counts, refetch]);
  return { ...news, refetch };
}
