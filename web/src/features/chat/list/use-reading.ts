import { countOf } from '@teambrain/client/unread.ts';
import { useEffect, useState } from 'react';
import { useUser } from '../../../platform/session.tsx';
import { markOf, markSeen, useMark } from '../../../platform/unread.ts';
import { reaches } from '../chat.opening.ts';
import type { MessageWindow } from '../chat.window.ts';
import type { Sight } from './sight.ts';

/**
 * What of a window is new to its reader: the seq after which the “new” line is drawn, how many
 * messages of others are below what they have seen, and how many unread ones above what is in sight.
 * What was on the screen is read, as long as nothing unread lies between it and the mark; who comes
 * to the live end has passed over the rest. Once messages were marked unread, here or in another
 * window, nothing counts as read until the space is opened again.
 */
export function useReading(spaceId: string, window: MessageWindow, sight: Sight) {
  const me = useUser();
  const mark = useMark(spaceId);
  const lastSeq = window.items.at(-1)?.seq ?? 0;
  const isLive = window.next === null;
  const isAtLiveEnd = isLive && sight.isAtEnd;
  const isNew = (seq: number) => (one: MessageWindow['items'][number]) =>
    one.seq > seq && one.author.id !== me.id && !one.deletedAt;
  const countAfter = (seq: number) => window.items.filter(isNew(seq)).length;
  const seen = mark?.seq ?? 0;
  const isCovered = reaches(window, seen);
  const [newAfter, setNewAfter] = useState(() => {
    const from = markOf(spaceId)?.seq ?? null;
    return from !== null && (isLive || isCovered) && countAfter(from) > 0 ? from : null;
  });
  const [leftAt, setLeftAt] = useState(newAfter ?? lastSeq);

  const firstUnread = window.items.find(isNew(seen))?.seq ?? Infinity;
  const isNext = isCovered && (sight.top?.seq ?? Infinity) <= firstUnread;
  const shown = isNext ? Math.min(sight.shown, lastSeq) : 0;
  const readTo = isAtLiveEnd ? lastSeq : shown;
  const left = countAfter(readTo);
  const passed = countAfter(seen) - left;

  const unread = mark ? countOf(mark) : 0;
  const isHeld = useIsHeld(mark?.version ?? 0, unread);
  useEffect(() => {
    if (isHeld) setNewAfter(markOf(spaceId)?.seq ?? null);
  }, [spaceId, isHeld, mark?.version]);

  useEffect(() => {
    // Pages read on the way to the end are not new.
    if (!isLive) setLeftAt(lastSeq);
  }, [isLive, lastSeq]);

  useEffect(() => {
    const onRead = () => {
      if (isHeld || readTo === 0 || document.visibilityState !== 'visible') return;
      markSeen(spaceId, readTo, isLive ? { left, head: lastSeq } : { passed });
      setLeftAt((was) => Math.max(was, readTo));
    };
    const onVisibility = () => {
      if (document.visibilityState === 'hidden' && isAtLiveEnd && !isHeld) setNewAfter(lastSeq);
      else onRead();
    };
    onRead();
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [spaceId, isLive, isHeld, readTo, left, passed, isAtLiveEnd, lastSeq]);

  const isAbove = sight.top !== null && !isAtLiveEnd && !isNext && unread > 0;
  const above = isCovered ? countAfter(seen) - countAfter((sight.top?.seq ?? 1) - 1) : unread;
  return {
    newAfter,
    isCovered,
    /** How many come after the “new” line, where the window does not tell. */
    newCount: isLive ? null : unread,
    fresh: isLive ? countAfter(leftAt) : unread,
    above: isAbove ? above : 0,
  };
}

/** Whether messages were marked unread since the list was opened, and some of them still are. */
function useIsHeld(version: number, unread: number): boolean {
  const [opened, setOpened] = useState(version);
  // A mark that was not known yet is none that went back.
  if (opened === 0 && version > 0) setOpened(version);
  const isHeld = opened > 0 && version > opened;
  if (isHeld && unread === 0) setOpened(version);
  return isHeld && unread > 0;
}
