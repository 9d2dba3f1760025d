import { newId } from './id.ts';
import { chain, type MaybePromise } from './maybe-promise.ts';
import type { Cache } from '../ports/cache.ts';

const KEY = 'names';
const LIFE_MS = 600_000;

export type Names = ReturnType<typeof createNames>;

/**
 * A version of all people's names, for keys of cached values that show them: names are no event of a
 * space's log.
 */
export function createNames(cache: Cache) {
  return {
    version(): MaybePromise<string> {
      const load = () => Promise.resolve({ version: newId() });
      return chain(cache.load(KEY, LIFE_MS, load), ({ version }) => version);
    },
    changed: (): Promise<void> => cache.drop(KEY),
  };
}
