import { useEffect } from 'react';
import { useUnread } from './unread.ts';
import { useUnreadThreads } from './unread-threads.ts';
import { upTo99 } from './words.ts';

/**
 * Names the window; the last page to render wins. Unread messages, and replies in threads one
 * follows, are counted before it.
 */
export function useTitle(title: string): void {
  const counts = useUnread();
  const replies = useUnreadThreads();
  const total = [...counts.values()].reduce((sum, count) => sum + count, replies);
  useEffect(() => {
    const name = title ? `${title} · TeamBrain` : 'TeamBrain';
    document.title = total > 0 ? `(${upTo99(total)}) ${name}` : name;
  }, [title, total]);
}
