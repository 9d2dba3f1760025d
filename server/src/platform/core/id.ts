import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

/** A new UUID, version 7. */
export const newId = (): string => v7();

/** SHA-256 of a JSON value, hex; equal content gives an equal hash (keys in the order given). */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');
