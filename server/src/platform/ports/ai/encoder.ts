/**
 * The port through which features turn text into vectors. Vectors of two encoders are never
 * comparable: whoever stores one stores `model` beside it.
 */
export interface Encoder {
  /** Names the vector space, for example `use-lite-0.2.0`; changes whenever vectors would. */
  readonly model: string;
  /** Numbers per vector. */
  readonly dimensions: number;
  /**
   * Encodes texts into unit vectors, so that a dot product is the cosine.
   *
   * The result has one `Float32Array` of `dimensions` per text, in the order given. A text beyond
   * the encoder's limit (128 word pieces for the shipped one, some 100 words) is cut, not refused;
   * callers split longer texts into sentences. An empty text gets a unit vector without meaning.
   *
   * `query` texts overtake waiting `document` texts: a person is waiting for them.
   *
   * @throws EncoderBusyError when too many texts of that priority already wait: try again later
   * @throws Error when the encoder is closed, or failed on these texts
   */
  encode(texts: readonly string[], priority: EncodePriority): Promise<Float32Array[]>;
  /** Rejects what still waits and frees memory and threads. Safe to call twice. */
  close(): Promise<void>;
}

export type EncodePriority = 'query' | 'document';

/** The waiting line is full. Nothing of the call was encoded; an indexer should pause and retry. */
export class EncoderBusyError extends Error {
  constructor(waiting: number, asked: number, limit: number) {
    super(`Encoder busy: ${waiting} texts wait, ${asked} more would exceed the limit of ${limit}`);
    this.name = 'EncoderBusyError';
  }
}
