import type { Encoder } from '../platform/ports/ai/encoder.ts';

/**
 * The encoder with a count of the queries it was asked to encode: rankings that were computed. It
 * can be away for a while.
 */
export function countingQueries(encoder: Encoder) {
  let count = 0;
  let isAway = false;
  const counting: Encoder = {
    ...encoder,
    async encode(texts, priority) {
      if (priority === 'query') count += 1;
      if (isAway) throw new Error('The encoder is away');
      return encoder.encode(texts, priority);
    },
  };
  return {
    encoder: counting,
    queries: () => count,
    setAway: (now: boolean) => void (isAway = now),
  };
}
