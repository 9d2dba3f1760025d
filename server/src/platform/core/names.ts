import { newId } from './id.ts';
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
    async version(): Promise<string> {
      return (await cache.load(KEY, LIFE_MS, () => Promise.resolve({ version: newId() }))).version;
    },
    changed: (): Promise<void> => cache.drop(KEY),
  };
}
