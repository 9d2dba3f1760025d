import { useEffect } from 'react';
import { useUnread } from './unread.ts';
import { upTo99 } from './words.ts';

/** Names the window; the last page to render wins. Unread messages are counted before it. */
export function useTitle(title: string): void {
  const counts = useUnread();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  useEffect(() => {
    const name = title ? `${title} · TeamBrain` : 'TeamBrain';
    document.title = total > 0 ? `(${upTo99(total)}) ${name}` : name;
  }, [title, total]);
}
