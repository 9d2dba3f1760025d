import { socketLimits } from '@teambrain/contract/socket.ts';
import { useEffect, useRef } from 'react';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { dropDraftsOf } from '../../platform/drafts/drafts.ts';
import { useLive } from '../../platform/live.tsx';
import { knowOf } from '../../platform/unread.ts';

/** Leaves room for spaces that are looked at without having been joined. */
const MOST = socketLimits.subscriptions - 20;

/** Follows every joined space from where its card was read; those left, the server ends. */
export function useFollowSpaces(): void {
  const live = useLive();
  const { data } = useJoinedSpaces();
  const wasRead = useRef(false);
  useEffect(() => {
    if (!data || wasRead.current) return;
    wasRead.current = true;
    const joined = new Set(data.map((space) => space.id));
    // Spaces that were lost while no window was open.
    dropDraftsOf((spaceId) => !joined.has(spaceId));
  }, [data]);
  useEffect(() => {
    for (const { id, lastSeq } of data?.slice(0, MOST) ?? []) {
      if (lastSeq === null) continue;
      live.follow(id, lastSeq);
    }
    knowOf(data?.map(({ id }) => id) ?? []);
  }, [live, data]);
}
