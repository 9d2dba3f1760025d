import { v7 } from 'uuid';

/** A new id (UUIDv7) for something to be created, made before it is sent so that a retry is the same write. */
export function newId(): string {
  return v7();
}
