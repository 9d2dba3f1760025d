import type { Encoder } from '../platform/ports/ai/encoder.ts';

/**
 * The encoder with counts of what it was asked to encode: queries, which are rankings that were
 * computed, and texts of documents. It can be away for a while.
 */
export function countingEncoder(encoder: Encoder) {
  const counts = { query: 0, document: 0 };
  let isAway = false;
  const counting: Encoder = {
    ...encoder,
    async encode(texts, priority) {
      counts[priority] += priority === 'query' ? 1 : texts.length;
      if (isAway) throw new Error('The encoder is away');
      return encoder.encode(texts, priority);
    },
  };
  return {
    encoder: counting,
    queries: () => counts.query,
    documents: () => counts.document,
    setAway: (now: boolean) => void (isAway = now),
  };
}
