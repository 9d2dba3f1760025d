import { useEffect } from 'react';

/** Names the window; the last page to render wins. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · TeamBrain` : 'TeamBrain';
  }, [title]);
}
