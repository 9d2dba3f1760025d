import { EncoderBusyError, type EncodePriority } from './encoder.ts';

/** One call's texts, results and promise. */
interface Call {
  readonly vectors: Float32Array[];
  missing: number;
  isSettled: boolean;
  readonly resolve: (vectors: Float32Array[]) => void;
  readonly reject: (error: Error) => void;
}

interface Item {
  readonly text: string;
  readonly index: number;
  readonly call: Call;
}

/** Texts to encode together. */
export type Batch = readonly Item[];

/** Batches of 8 to 16 are fastest; 8 of the longest texts take as long as a query should wait. */
const maxTexts = 16;
const maxPaddedCharacters = 4096;
/** About 128 pieces of English; what is longer gets cut and costs no more. */
const longestCharacters = 512;

/**
 * The texts waiting for the encoder, queries and documents each in a line of their own; a call's
 * texts leave shortest first, because a batch is padded to its longest text.
 */
export class EncoderQueue {
  readonly #waiting: Record<EncodePriority, Item[]> = { query: [], document: [] };
  readonly #limit: number;

  /** @param limit how many texts of one priority may wait */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Puts texts in line; resolves to their vectors in the order given. @throws EncoderBusyError */
  add(texts: readonly string[], priority: EncodePriority): Promise<Float32Array[]> {
    const line = this.#waiting[priority];
    // Each priority has its own limit: a large import must not make search unavailable.
    if (line.length + texts.length > this.#limit) {
      return Promise.reject(new EncoderBusyError(line.length, texts.length, this.#limit));
    }
    if (texts.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const vectors = new Array<Float32Array>(texts.length);
      const call = { vectors, missing: texts.length, isSettled: false, resolve, reject };
      const items = texts.map((text, index) => ({ text, index, call }));
      for (const item of items.sort((a, b) => a.text.length - b.text.length)) line.push(item);
    });
  }

  /** Takes the next batch out of a line; undefined if nobody waits. */
  next(priority: EncodePriority): Batch | undefined {
    const line = this.#waiting[priority];
    let [count, longest] = [0, 0];
    for (const { text } of line) {
      longest = Math.max(longest, Math.min(text.length, longestCharacters));
      if (count === maxTexts || (count + 1) * longest > maxPaddedCharacters) break;
      count++;
    }
    return count > 0 ? line.splice(0, count) : undefined;
  }

  /** Hands a batch's vectors, [texts, dimensions], to the calls that wait for them. */
  settle(batch: Batch, vectors: Float32Array): void {
    const dimensions = vectors.length / batch.length;
    for (const [row, { call, index }] of batch.entries()) {
      // A copy, so that keeping one vector does not keep the whole batch in memory.
      call.vectors[index] = vectors.slice(row * dimensions, (row + 1) * dimensions);
      if (--call.missing > 0 || call.isSettled) continue;
      call.isSettled = true;
      call.resolve(call.vectors);
    }
  }

  /** Rejects the calls with texts in this batch; their other texts leave the line too. */
  fail(batch: Batch, error: Error): void {
    for (const { call } of batch) {
      if (!call.isSettled) call.reject(error);
      call.isSettled = true;
    }
    for (const priority of ['query', 'document'] as const) {
      this.#waiting[priority] = this.#waiting[priority].filter(({ call }) => !call.isSettled);
    }
  }

  /** Rejects everybody in line. */
  failAll(error: Error): void {
    this.fail([...this.#waiting.query, ...this.#waiting.document], error);
  }
}
