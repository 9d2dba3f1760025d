import { useEffect, useState } from 'react';
import { useUser } from '../../platform/session.tsx';
import { markSeen, seenSeq } from '../../platform/unread.ts';
import type { MessageWindow } from './chat.window.ts';

/**
 * What of a window is new to its reader: the seq after which the “new” line is drawn, and how
 * many messages of others came while the reader was elsewhere in the list.
 */
export function useReading(spaceId: string, window: MessageWindow, isAtLiveEnd: boolean) {
  const me = useUser();
  const lastSeq = window.items.at(-1)?.seq ?? 0;
  const [newAfter, setNewAfter] = useState(() => {
    const seen = seenSeq(spaceId);
    return seen !== null && seen < lastSeq ? seen : null;
  });
  const [leftAt, setLeftAt] = useState(lastSeq);

  useEffect(() => {
    if (!isAtLiveEnd || document.visibilityState !== 'visible') return;
    markSeen(spaceId, lastSeq);
    setLeftAt(lastSeq);
  }, [spaceId, lastSeq, isAtLiveEnd]);

  useEffect(() => {
    const onVisibility = () => {
      if (document.visibilityState === 'hidden') setNewAfter(lastSeq);
      else if (isAtLiveEnd) {
        markSeen(spaceId, lastSeq);
        setLeftAt(lastSeq);
      }
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [spaceId, lastSeq, isAtLiveEnd]);

  const fresh = window.items.filter(
    (message) => message.seq > leftAt && message.author.id !== me.id,
  ).length;
  return { newAfter, fresh };
}
