import { useEffect, useRef, useState } from 'react';
import { useUser } from '../../../platform/session.tsx';
import { markOf, markSeen, useMarkVersion } from '../../../platform/unread.ts';
import type { MessageWindow } from '../chat.window.ts';

/**
 * What of a window is new to its reader: the seq after which the “new” line is drawn, and how
 * many messages of others are below what they have seen. `shown` is the seq of the last message
 * in sight, 0 while that is not known. Once messages were marked unread, here or in another window,
 * nothing counts as read until the space is opened again.
 */
export function useReading(
  spaceId: string,
  window: MessageWindow,
  isAtLiveEnd: boolean,
  shown: number,
) {
  const me = useUser();
  const lastSeq = window.items.at(-1)?.seq ?? 0;
  const isLive = window.next === null;
  const countAfter = (seq: number) =>
    window.items.filter((one) => one.seq > seq && one.author.id !== me.id && !one.deletedAt).length;
  const [newAfter, setNewAfter] = useState(() => {
    const seen = markOf(spaceId)?.seq ?? null;
    return seen !== null && isLive && countAfter(seen) > 0 ? seen : null;
  });
  const [leftAt, setLeftAt] = useState(newAfter ?? lastSeq);
  const readTo = isAtLiveEnd ? lastSeq : Math.min(shown, lastSeq);
  const left = isLive ? countAfter(readTo) : 0;

  const version = useMarkVersion(spaceId);
  const opened = useRef(version);
  // A mark that was not known yet is no mark that went back.
  if (opened.current === 0) opened.current = version;
  const isHeld = version > opened.current;
  useEffect(() => {
    if (isHeld) setNewAfter(markOf(spaceId)?.seq ?? null);
  }, [spaceId, isHeld, version]);

  useEffect(() => {
    // Pages read on the way to the end are not new.
    if (!isLive) setLeftAt(lastSeq);
  }, [isLive, lastSeq]);

  useEffect(() => {
    const onRead = () => {
      if (!isLive || isHeld || readTo === 0 || document.visibilityState !== 'visible') return;
      markSeen(spaceId, readTo, { left, head: lastSeq });
      setLeftAt((was) => Math.max(was, readTo));
    };
    const onVisibility = () => {
      if (document.visibilityState === 'hidden' && isAtLiveEnd && !isHeld) setNewAfter(lastSeq);
      else onRead();
    };
    onRead();
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [spaceId, isLive, isHeld, readTo, left, isAtLiveEnd, lastSeq]);

  return { newAfter, fresh: isLive ? countAfter(leftAt) : 0 };
}
