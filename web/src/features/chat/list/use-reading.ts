import { useEffect, useRef, useState } from 'react';
import { useUser } from '../../../platform/session.tsx';
import { markSeen, seenSeq } from '../../../platform/unread.ts';
import type { MessageWindow } from '../chat.window.ts';

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
  const isPaging = useRef(window.next !== null);

  useEffect(() => {
    // Pages read on the way to the end are not new, the last of them included.
    if (window.next !== null || isPaging.current) setLeftAt(lastSeq);
    isPaging.current = window.next !== null;
  }, [window.next, lastSeq]);

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

  const isNew = (seq: number, authorId: string) => seq > leftAt && authorId !== me.id;
  const fresh =
    window.next === null
      ? window.items.filter(({ seq, author }) => isNew(seq, author.id)).length
      : 0;
  return { newAfter, fresh };
}
