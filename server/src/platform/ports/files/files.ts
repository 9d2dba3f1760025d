import type { Readable } from 'node:stream';

/** A part of a file: first and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A complete file on this machine's disk, to be taken over. */
export interface LocalFile {
  path: string;
  bytes: number;
  /** SHA-256, in hexadecimal. */
  sha256: string;
}

/**
 * Where the bytes of files are kept, under keys that the server makes (UUIDs). What lies under a key
 * never changes. Two adapters: a folder, and an S3 bucket (files.suite.ts holds for both).
 */
export interface Files {
  /** Where it is, as an operator knows it; without passwords. */
  readonly place: string;
  /** A folder of this machine for files that are coming in. */
  readonly incoming: string;
  /** Takes a complete file over; when this resolves it is kept. The local one is gone. */
  put(key: string, file: LocalFile): Promise<void>;
  /** The bytes under a key, or a part of them. @throws MissingFileError */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Forgets keys; those that are not there are no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** Whether it can be used. @throws RefusedStartError with what to set */
  ready(): Promise<void>;
  /** All keys there are with their sizes, in no order. */
  list(): AsyncGenerator<{ key: string; bytes: number }>;
  close(): Promise<void>;
}

/** There is nothing under this key. */
export class MissingFileError extends Error {
  constructor(key: string, cause?: unknown) {
    super(`There is no file ${key}`, { cause });
    this.name = 'MissingFileError';
  }
}

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A bucket of a store that speaks as S3 does, and the key to it. */
export interface S3Settings {
  bucket: string;
  /** Where the store is, e.g. https://s3.eu-central-1.amazonaws.com. */
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** Whether the bucket is in the path of an address, or before its host. */
  style: 'path' | 'host';
}

export const isKey = (text: string): boolean => KEY.test(text);

/** A key made here; anything else could lead out of a folder. @throws Error */
export function requireKey(key: string): string {
  if (!isKey(key)) throw new Error('A key of a file is a UUID');
  return key;
}
