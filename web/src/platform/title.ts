import { useEffect } from 'react';
import { useMentions, useUnread } from './unread.ts';
import { useUnreadThreads } from './unread-threads.ts';
import { upTo99 } from './words.ts';

/**
 * Names the window; the last page to render wins. Unread mentions are counted before it, `(@2)`;
 * without any, unread messages and replies in threads one follows, `(14)`.
 */
export function useTitle(title: string): void {
  const replies = useUnreadThreads();
  const total = sumOf(useUnread()) + replies;
  const called = sumOf(useMentions());
  useEffect(() => {
    const name = title ? `${title} · TeamBrain` : 'TeamBrain';
    const count = called > 0 ? `@${upTo99(called)}` : upTo99(total);
    document.title = total > 0 ? `(${count}) ${name}` : name;
  }, [title, total, called]);
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
