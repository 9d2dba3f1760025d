import { createStore } from './store.ts';

/** Unsent words by key, in this tab's memory alone; gone with the log-out. */
const drafts = createStore<ReadonlyMap<string, unknown>>(new Map());

export function readDraft<T>(key: string): T | undefined {
  return drafts.get().get(key) as T | undefined;
}

/** Keeps `value` under `key`, or forgets the key when it is undefined. */
export function keepDraft(key: string, value: unknown): void {
  drafts.set((was) => {
    const next = new Map(was);
    if (value === undefined) next.delete(key);
    else next.set(key, value);
    return next;
  });
}

export function clearDrafts(): void {
  drafts.set(new Map());
}
