/** Values that can be made anew at any time, kept for a bounded while. */
export interface Cache {
  /** The value under `key`, loaded once however many ask at the same time. */
  load<T extends object>(key: string, ttlMs: number, loader: () => Promise<T>): Promise<T>;
  /** Drops the value everywhere before resolving; a load under way does not bring it back. */
  drop(key: string): Promise<void>;
  close(): Promise<void>;
}
