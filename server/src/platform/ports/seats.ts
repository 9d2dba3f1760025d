/**
 * Seats of which a key has so many: who takes one too many is let in, and the one who has held
 * theirs the longest loses it.
 */
export interface Seats {
  /** Takes a seat under an id; gives the ids that lost theirs. */
  take(key: string, id: string): Promise<string[]>;
  /** Gives a seat back; never fails. */
  leave(key: string, id: string): Promise<void>;
  close(): void;
}
