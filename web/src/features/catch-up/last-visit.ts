import { useEffect, useState } from 'react';
import { keep, readKept } from '../../platform/kept.ts';

/** By person, when they were last here before this tab was opened. */
const visits = new Map<string, string | null>();

/** The instant (ISO) of the visit before this one, null at the first. */
export function useLastVisit(userId: string): string | null {
  const name = `visit-${userId}`;
  const [last] = useState(() => {
    const known = visits.get(userId);
    if (known !== undefined) return known;
    const kept = readKept(name);
    const at = typeof kept === 'string' && !Number.isNaN(Date.parse(kept)) ? kept : null;
    visits.set(userId, at);
    return at;
  });
  useEffect(() => {
    const note = () => void keep(name, new Date().toISOString());
    window.addEventListener('pagehide', note);
    return () => window.removeEventListener('pagehide', note);
  }, [name]);
  return last;
}
