import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Encoder } from './encoder.ts';

/** Two kilobytes each. */
const MAX_VECTORS = 4_000;
/** Words that were deleted leave nothing here for longer. */
const LIFE_MS = 60_000;

/**
 * An encoder that encodes a text once a minute at most, however often it is asked to: the last
 * stretch of a chat is indexed anew with every message that joins it. Keeps vectors under hashes,
 * never texts.
 */
export function rememberVectors(encoder: Encoder): Encoder {
  const known = new LRUCache<string, Float32Array>({ max: MAX_VECTORS, ttl: LIFE_MS });
  return {
    model: encoder.model,
    dimensions: encoder.dimensions,
    async encode(texts, priority) {
      const keys = texts.map(keyOf);
      const vectors = new Map<string, Float32Array>();
      const missing = new Map<string, string>();
      for (const [n, key] of keys.entries()) {
        const vector = known.get(key);
        if (vector) vectors.set(key, vector);
        else missing.set(key, texts[n] ?? '');
      }
      const made = await encoder.encode([...missing.values()], priority);
      for (const [n, key] of [...missing.keys()].entries()) {
        const vector = made[n];
        if (!vector) throw new Error('The encoder gave fewer vectors than texts');
        vectors.set(key, vector);
        known.set(key, vector);
      }
      return keys.map((key) => vectors.get(key) as Float32Array);
    },
    close: () => encoder.close(),
  };
}

const keyOf = (text: string) => createHash('sha256').update(text).digest('base64');
