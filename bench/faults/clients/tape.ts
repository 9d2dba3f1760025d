const ROWS = 16_384;

/**
 * Rows of numbers in the order they came, kept where the garbage collector has nothing to look
 * through: going through millions of small objects held the driver up for a second now and then.
 */
export class Tape {
  readonly #width: number;
  readonly #chunks: Float64Array[] = [];
  #length = 0;

  /** @param width numbers of a row */
  constructor(width: number) {
    this.#width = width;
  }

  push(row: readonly number[]): void {
    const at = this.#length % ROWS;
    if (at === 0) this.#chunks.push(new Float64Array(ROWS * this.#width));
    this.#chunks.at(-1)?.set(row, at * this.#width);
    this.#length += 1;
  }

  *[Symbol.iterator](): Iterator<Float64Array> {
    for (let n = 0; n < this.#length; n += 1) {
      const at = (n % ROWS) * this.#width;
      const chunk = this.#chunks[Math.floor(n / ROWS)];
      if (chunk) yield chunk.subarray(at, at + this.#width);
    }
  }
}

/** Numbers for strings, to stand on a tape. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  nameOf(number = -1): string {
    return this.#names[number] ?? '';
  }
}
