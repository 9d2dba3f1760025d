import type { Storage } from '../config.ts';
import type { Connection } from '../platform/db/connection.ts';
import type { Files } from '../platform/ports/files/files.ts';
import { openFiles } from '../platform/ports/files/open-files.ts';
import { EXAMPLES, filesOfKeys, readBlobs, type Finding } from './doctor.store.ts';

/** What lies in the store of files: bytes by key. */
type Contents = Map<string, number>;

/** What the rows and the store say of each other. */
export interface StoredFiles {
  /** Where the files are. */
  place: string;
  /** Files that must be there, pictures made small counted too, and their bytes. */
  files: number;
  bytes: number;
  findings: Finding[];
}

/** The store of an installation, and what was in it before the database was looked at. */
export interface OpenStore {
  files: Files;
  before: Contents;
}

/** Call it before the snapshot of the database begins. */
export async function lookAtStore(storage: Storage): Promise<OpenStore> {
  const files = await openFiles(storage);
  return { files, before: await contentsOf(files) };
}

async function contentsOf(files: Files): Promise<Contents> {
  const contents: Contents = new Map();
  for await (const { key, bytes } of files.list()) contents.set(key, bytes);
  return contents;
}

/**
 * Compares the rows of a snapshot with the store, while people may upload and delete: what is wrong
 * is so before the snapshot and after it.
 */
export async function compareStore(
  connection: Connection,
  { files, before }: OpenStore,
): Promise<StoredFiles> {
  const known = new Set<string>();
  const missing: string[] = [];
  const sum = { files: 0, bytes: 0 };
  for await (const { key, bytes, isHeld } of readBlobs(connection)) {
    known.add(key);
    if (!isHeld) continue;
    sum.files += 1;
    sum.bytes += bytes;
    if (before.get(key) !== bytes) missing.push(key);
  }
  const unknown = [...before.keys()].filter((key) => !known.has(key));
  const isCalm = missing.length === 0 && unknown.length === 0;
  const after = isCalm ? before : await contentsOf(files);
  const lost = missing.filter((key) => !after.has(key) || after.get(key) === before.get(key));
  const left = unknown.filter((key) => after.has(key));
  const findings: Finding[] = [];
  if (lost.length > 0) {
    findings.push({
      name: 'file-missing',
      law: `the bytes of each file are in the store, complete (${files.place})`,
      count: lost.length,
      examples: await filesOfKeys(connection, lost.slice(0, EXAMPLES)),
    });
  }
  if (left.length > 0) {
    findings.push({
      name: 'file-unknown',
      law: `the store has no bytes that no file has (${files.place})`,
      count: left.length,
      examples: left.slice(0, EXAMPLES).map((key) => `key ${key}`),
    });
  }
  return { place: files.place, ...sum, findings };
}
