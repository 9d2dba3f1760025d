import { useCallback, useEffect, useRef, useState } from 'react';
import { keepPlace, placeOf, useHistoryEntry, type Place } from '../../../platform/places.ts';
import type { Row } from './chat.rows.ts';
import { BELOW_DAY, type Sight } from './sight.ts';
import type { Opening } from './use-placing.ts';

/**
 * Where a list of messages begins: at the message that was asked for; after “back” or a reload
 * where one was; at the first unread one; where one was when one last left the space; at its end.
 */
export function useListPlace(
  spaceId: string,
  rows: readonly Row[],
  { target, isFromEnd }: { target: string | undefined; isFromEnd: boolean },
) {
  const entry = `chat ${useHistoryEntry()}`;
  const ofSpace = `chat ${spaceId}`;
  const [opening] = useState<Opening>(() => {
    if (isFromEnd) return null;
    const back = atPlace(rows, placeOf(entry));
    if (back) return back;
    if (target) {
      const index = rows.findIndex((row) => row.key === target);
      return index < 0 ? null : { index, offset: 'center' };
    }
    const fresh = rows.findIndex((row) => row.type === 'new');
    if (fresh >= 0) return { index: fresh, offset: BELOW_DAY };
    return atPlace(rows, placeOf(ofSpace));
  });
  const latest = useRef<Sight['top']>(null);
  const keepIt = useCallback((top: Sight['top']) => {
    latest.current = top;
  }, []);
  useEffect(() => {
    const write = () => {
      const place: Place | null = latest.current && { type: 'row', ...latest.current };
      keepPlace(entry, place);
      if (!target) keepPlace(ofSpace, place);
    };
    // Before the places themselves are written down.
    window.addEventListener('pagehide', write, { capture: true });
    return () => {
      window.removeEventListener('pagehide', write, { capture: true });
      write();
    };
  }, [entry, ofSpace, target]);
  return { opening, keepPlace: keepIt };
}

function atPlace(rows: readonly Row[], place: Place | undefined): Opening {
  if (place?.type !== 'row') return null;
  const index = rows.findIndex((row) => row.key === place.key);
  return index < 0 ? null : { index, offset: place.offset };
}
