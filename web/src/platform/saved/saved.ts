import { notifications } from '@mantine/notifications';
import type { Source } from '@teambrain/contract/citation.ts';
import { listSaved, putSaved, type Saved } from '@teambrain/contract/saved.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { messageOf } from '../problem.ts';
import { useCall } from '../session.tsx';

export const savedKey = ['saved'] as const;

export type SavedRef = Pick<Source, 'type' | 'id' | 'spaceId'>;

const isSame = (a: SavedRef, b: SavedRef): boolean =>
  a.id === b.id && a.spaceId === b.spaceId && a.type === b.type;

/** What one has saved for later, the last saved first; other windows tell when it changes. */
export function useSaved<T = readonly Saved[]>(select?: (items: readonly Saved[]) => T) {
  const call = useCall();
  return useQuery({
    queryKey: savedKey,
    queryFn: async ({ signal }): Promise<readonly Saved[]> =>
      (await call(listSaved, {}, { signal })).items,
    staleTime: 60_000,
    ...(select && { select }),
  });
}

/** The date something is saved for; null without a date, undefined where it is not saved. */
export function useSavedDate(ref: SavedRef): string | null | undefined {
  return useSaved((items) => items.find(({ source }) => isSame(source, ref))?.dueAt).data;
}

/** Saves something, gives it another date, or (undefined) removes it; undone where that is refused. */
export function useSave() {
  const call = useCall();
  const client = useQueryClient();
  return async (ref: SavedRef, dueAt: Date | null | undefined): Promise<void> => {
    const { type, id, spaceId } = ref;
    const before = client.getQueryData<readonly Saved[]>(savedKey);
    const at = dueAt ? dueAt.toISOString() : null;
    client.setQueryData<readonly Saved[]>(savedKey, (items = []) =>
      dueAt === undefined
        ? items.filter(({ source }) => !isSame(source, ref))
        : items.map((one) => (isSame(one.source, ref) ? { ...one, dueAt: at } : one)),
    );
    try {
      await call(putSaved, { body: { type, id, spaceId, on: dueAt !== undefined, dueAt: at } });
    } catch (error) {
      client.setQueryData(savedKey, before);
      notifications.show({ color: 'red', message: messageOf(error) });
    }
    await client.invalidateQueries({ queryKey: savedKey });
  };
}

export const isDue = ({ dueAt }: Pick<Saved, 'dueAt'>, now: number): boolean =>
  dueAt !== null && Date.parse(dueAt) <= now;

/** The longest a browser's timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** The present moment (epoch milliseconds), taken again when the next saved thing becomes due. */
export function useDueClock(items: readonly Saved[]): number {
  const [now, setNow] = useState(() => Date.now());
  const next = Math.min(
    ...items.map(({ dueAt }) => (dueAt ? Date.parse(dueAt) : Infinity)).filter((at) => at > now),
  );
  useEffect(() => {
    if (next === Infinity) return undefined;
    const wait = Math.min(Math.max(0, next - Date.now()) + 50, LONGEST);
    const timer = setTimeout(() => setNow(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [next, now]);
  return now;
}

/** How many things are saved, and how many of them are due. */
export function useSavedCounts(): { all: number; due: number } {
  const items = useSaved().data ?? [];
  const now = useDueClock(items);
  return { all: items.length, due: items.filter((one) => isDue(one, now)).length };
}
