import { readThread } from '@teambrain/contract/threads.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useCall } from '../../../platform/session.tsx';
import { changeThreads, rereadFollowed, type ThreadWindow } from '../chat.events.ts';

/** Milliseconds until what came into sight counts as read: a list is still being placed before. */
const LOOK = 300;

/**
 * Marks a followed thread read up to its last reply while that is before its reader's eyes.
 * @param isAtEnd whether the last reply that was loaded is in sight
 * @returns what is to be called when the list was scrolled
 */
export function useThreadRead(thread: ThreadWindow, isAtEnd: () => boolean) {
  const call = useCall();
  const client = useQueryClient();
  const { root, replies, readSeq } = thread;
  const { id: threadId, spaceId } = root;
  const isLive = replies.next === null;
  const last = replies.items.at(-1)?.seq ?? 0;
  const told = useRef(readSeq ?? Infinity);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // Who begins to follow has read what is there.
    if (readSeq === null) told.current = Infinity;
    else if (told.current === Infinity) told.current = readSeq;
  }, [readSeq]);

  const look = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const isSeen = document.visibilityState === 'visible' && isLive && isAtEnd();
      if (!isSeen || last <= told.current) return;
      const before = told.current;
      told.current = last;
      call(readThread, { params: { spaceId, threadId }, body: { seq: last } }).then(
        () => {
          changeThreads(client, spaceId, (one) =>
            one.root.id === threadId && one.readSeq !== null ? { ...one, readSeq: last } : one,
          );
          rereadFollowed(client);
        },
        // Tried again at the next look.
        () => (told.current = before),
      );
    }, LOOK);
  }, [call, client, spaceId, threadId, isLive, last, isAtEnd]);

  useEffect(() => {
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);
  return look;
}
