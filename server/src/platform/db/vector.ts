import { endianness } from 'node:os';
import { customType } from 'drizzle-orm/pg-core';

/** Dimensions of the shipped encoder's vectors. */
export const EMBEDDING_SIZE = 512;
/** PostgreSQL's number for the type real. */
const REAL = 700;

/** A sentence's vector, sent in pgvector's binary form: reading one from text takes 0.6 ms. */
export const embedding = customType<{ data: Float32Array; driverData: Buffer }>({
  dataType: () => `vector(${EMBEDDING_SIZE})`,
  toDriver: toVector,
});

/** A vector as parameter of a query: dimensions and unused (16 bits each), then 32-bit floats. */
export function toVector(values: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(4 + 4 * values.length);
  bytes.writeUInt16BE(values.length, 0);
  bytes.writeUInt16BE(0, 2);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 + 4 * i);
  return bytes;
}

/** Many vectors as one parameter, a real[]: head of a binary array, then each number's size and bits. */
export function toReals(vectors: readonly Float32Array[]): Buffer {
  const count = vectors.reduce((sum, { length }) => sum + length, 0);
  const words = new Uint32Array(5 + 2 * count);
  words.set([1, 0, REAL, count, 1]);
  let at = 5;
  for (const { buffer, byteOffset, length } of vectors) {
    for (const bits of new Uint32Array(buffer, byteOffset, length)) {
      words[at++] = 4;
      words[at++] = bits;
    }
  }
  const bytes = Buffer.from(words.buffer);
  return endianness() === 'LE' ? bytes.swap32() : bytes;
}
