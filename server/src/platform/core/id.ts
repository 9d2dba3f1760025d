import { createHash, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes for many ids at once: each drawing costs much more than its bytes. */
const SIZE = 16;
const pool = new Uint8Array(256 * SIZE);
let used = pool.length;

/** A new UUID, version 7. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += SIZE;
  return v7({ random: pool.subarray(used - SIZE, used) });
}

/** SHA-256 of a JSON value, hex; equal content gives an equal hash (keys in the order given). */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');
