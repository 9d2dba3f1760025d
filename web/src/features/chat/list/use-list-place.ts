import { useCallback, useEffect, useRef, useState } from 'react';
import {
  keepPlace,
  placeOf,
  useHistoryEntry,
  type Place,
} from '../../../platform/places/places.ts';
import { isSameDay } from '../../../ui/time-words.ts';
import type { OpenAt } from '../chat.queries.ts';
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
  { target, from }: { target: string | undefined; from: OpenAt | null },
) {
  const entry = `chat ${useHistoryEntry()}`;
  const ofSpace = `chat ${spaceId}`;
  const [opening] = useState<Opening>(() => {
    if (from === 'end') return null;
    if (from instanceof Date) return atDay(rows, from);
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

/** The first row of a day; the end where all is older. */
function atDay(rows: readonly Row[], since: Date): Opening {
  const index = rows.findIndex((row) => row.type === 'day' && isSameOrLater(row.at, since));
  if (index < 0) return null;
  return { index: rows[index - 1]?.type === 'start' ? index - 1 : index, offset: 0 };
}

/** Whether an instant is of the day of another, or of a later one. */
function isSameOrLater(iso: string, since: Date): boolean {
  return Date.parse(iso) >= since.getTime() || isSameDay(new Date(iso), since);
}

function atPlace(rows: readonly Row[], place: Place | undefined): Opening {
  if (place?.type !== 'row') return null;
  const index = rows.findIndex((row) => row.key === place.key);
  return index < 0 ? null : { index, offset: place.offset };
}
