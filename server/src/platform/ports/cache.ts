import type { MaybePromise } from '../core/maybe-promise.ts';

/** What the values kept in one process may take, in characters of their JSON. */
const L1_SIZE = 32 * 2 ** 20;

/** Bounds of the values kept in one process: their number and their size. */
export const l1Bounds = (max: number) => ({
  max,
  // What is too old is never served, also in the moment after the process stood still.
  ttlResolution: 0,
  maxSize: L1_SIZE,
  sizeCalculation: (value: object) => JSON.stringify(value).length,
});

/** How often a value was found where, since the start. */
export interface CacheStats {
  /** In this process, or already on its way. */
  l1: number;
  /** In the cache the instances share. */
  l2: number;
  /** Nowhere: loaded. */
  miss: number;
}

/** Values that can be made anew at any time, kept for a bounded while. They are plain JSON. */
export interface Cache {
  /**
   * The value under `key`, loaded once however many ask at the same time; not waited for where this
   * process has it. `ttlMs` bounds its age since the load began, over all layers and whatever fails;
   * `copyMs` how long after a drop by another instance a copy here may live on, if that is not told.
   */
  load<T extends object>(
    key: string,
    ttlMs: number,
    loader: () => Promise<T>,
    copyMs?: number,
  ): MaybePromise<T>;
  /** Drops the value everywhere before resolving; a load under way does not bring it back. */
  drop(key: string): Promise<void>;
  stats(): CacheStats;
  close(): Promise<void>;
}
