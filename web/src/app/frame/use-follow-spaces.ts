import { useEffect, useRef } from 'react';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { useLive } from '../../platform/live.tsx';
import { startSeen } from '../../platform/unread.ts';

/** Follows every joined space from where its card was read. */
export function useFollowSpaces(): void {
  const live = useLive();
  const { data } = useJoinedSpaces();
  const followed = useRef(new Set<string>());
  useEffect(() => {
    if (!data) return;
    const now = new Set<string>();
    for (const { id, lastSeq } of data) {
      if (lastSeq === null) continue;
      now.add(id);
      live.follow(id, lastSeq);
      startSeen(id, lastSeq);
    }
    for (const id of followed.current) if (!now.has(id)) live.unfollow(id);
    followed.current = now;
  }, [live, data]);
}
