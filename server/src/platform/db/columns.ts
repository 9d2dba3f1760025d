import { endianness } from 'node:os';
import { is, sql, type SQL } from 'drizzle-orm';
import { bigint, customType, PgTimestamp, timestamp, type PgColumn } from 'drizzle-orm/pg-core';

/** Transaction id (64 bit, never wraps); compared in SQL only, carried as text. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** An instant, to the millisecond. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** A position in a space's log. */
export const seq = () => bigint({ mode: 'number' });

/** Dimensions of the shipped encoder's vectors. */
export const EMBEDDING_SIZE = 512;

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

/**
 * Many vectors as one parameter, a vector[]: head of a binary array, then each vector's size and
 * binary form. PostgreSQL knows the elements' type; its number, 0 here, differs between databases.
 */
export function toVectors(vectors: readonly Float32Array[]): Buffer {
  const size = 2 + EMBEDDING_SIZE;
  const words = new Uint32Array(vectors.length === 0 ? 3 : 5 + size * vectors.length);
  if (vectors.length > 0) words.set([1, 0, 0, vectors.length, 1]);
  for (const [n, { buffer, byteOffset, length }] of vectors.entries()) {
    const at = 5 + size * n;
    words.set([4 + 4 * length, length << 16], at);
    words.set(new Uint32Array(buffer, byteOffset, length), at + 2);
  }
  const bytes = Buffer.from(words.buffer);
  return endianness() === 'LE' ? bytes.swap32() : bytes;
}

/**
 * Columns as the JSON object that readers get, written by the database: the same as JSON.stringify
 * of the row, an instant in the form of `toISOString`.
 */
export function jsonOf(columns: Record<string, PgColumn | SQL>): SQL {
  const pairs = Object.entries(columns).map(([key, column]) => {
    const isInstant = is(column, PgTimestamp);
    return sql`${sql.raw(`'${key}'`)}, ${isInstant ? instantOf(column) : column}`;
  });
  return sql`json_build_object(${sql.join(pairs, sql`, `)})`;
}

/** An instant in the form of `toISOString`. */
export const instantOf = (column: PgColumn | SQL): SQL =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
