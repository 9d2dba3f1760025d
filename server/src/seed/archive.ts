import { createReadStream, statSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Unzip, UnzipInflate, type UnzipDecoder, type UnzipFile } from 'fflate';

/** A file of an export. The label says where it lay and is never joined to a path. */
export interface PackedFile {
  label: string;
  bytes: Uint8Array;
}

/** A folder or archive that cannot be imported; the message says why and what to do. */
export class SeedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SeedError';
  }
}

const MB = 1_048_576;

/** What an archive may hold. Sizes are of what really comes out, whatever its headers declare. */
export interface ArchiveCaps {
  entries: number;
  /** Bytes of all entries together, wanted or not. */
  total: number;
  /** Times the archive's own size; archives may always unpack to `floor` bytes. */
  ratio: number;
  floor: number;
  perEntry: number;
  labelLength: number;
}

export const ARCHIVE_CAPS: ArchiveCaps = {
  entries: 10_000,
  total: 1_024 * MB,
  ratio: 10,
  floor: 64 * MB,
  perEntry: 64 * MB,
  labelLength: 500,
};

/** Small, so that what one piece inflates to (a thousandfold at most) stays small too. */
const PIECE = 16_384;

/**
 * Unpacks the entries of a zip file whose label passes `isWanted`, in one pass from front to back,
 * so that overlapping entries cannot be read twice. Links and devices are plain bytes here.
 *
 * @throws SeedError for an archive beyond the caps, damaged, encrypted or with a name twice
 */
export async function readArchive(
  file: string,
  isWanted: (label: string) => boolean,
  caps: ArchiveCaps = ARCHIVE_CAPS,
): Promise<PackedFile[]> {
  const refuse = (why: string) =>
    new SeedError(`${basename(file)} ${why}. If you trust it, unpack it and name the folder.`);
  const allowed = Math.min(caps.total, Math.max(caps.floor, caps.ratio * statSync(file).size));
  const seen = new Set<string>();
  const files: PackedFile[] = [];
  let total = 0;

  const open = (entry: UnzipFile): void => {
    const label = entry.name.replaceAll('\\', '/');
    if (label.length > caps.labelLength) throw refuse('holds a file with an overlong name');
    if (seen.size >= caps.entries) throw refuse(`holds more than ${caps.entries} files`);
    if (seen.has(label)) throw refuse(`holds ${JSON.stringify(label)} twice`);
    seen.add(label);
    const wanted = isWanted(label);
    const chunks: Uint8Array[] = [];
    let size = 0;
    entry.ondata = (error, chunk, isLast) => {
      if (error) throw error;
      size += chunk.length;
      total += chunk.length;
      if (total > allowed) throw refuse('unpacks to far more than its size allows');
      if (!wanted) return;
      if (size > caps.perEntry) throw refuse(`holds a file of more than ${caps.perEntry} bytes`);
      chunks.push(chunk);
      if (isLast) files.push({ label, bytes: Buffer.concat(chunks) });
    };
    entry.start();
  };

  const unzip = new Unzip(open);
  unzip.register(UnzipInflate);
  unzip.register(Stored);
  try {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE })) {
      unzip.push(piece as Buffer);
    }
    unzip.push(new Uint8Array(), true);
  } catch (error) {
    throw error instanceof SeedError ? error : refuse(`cannot be unpacked (${reason(error)})`);
  }
  if (seen.size === 0) throw refuse('is not a zip archive');
  return files;
}

/** Uncompressed entries; copies, because a piece's memory is used again. */
class Stored implements UnzipDecoder {
  static compression = 0;
  ondata: UnzipDecoder['ondata'] = () => undefined;
  push(chunk: Uint8Array, isLast: boolean): void {
    this.ondata(null, chunk.slice(), isLast);
  }
}

/** Whether a zip file's directory names this entry, without unpacking anything. */
export async function namesEntry(file: string, name: string): Promise<boolean> {
  const wanted = Buffer.from(name);
  let rest = Buffer.alloc(0);
  for await (const piece of createReadStream(file)) {
    const bytes = Buffer.concat([rest, piece as Buffer]);
    if (bytes.includes(wanted)) return true;
    rest = bytes.subarray(-wanted.length);
  }
  return false;
}

/**
 * The files of a folder two levels deep whose label passes `isWanted`; links are not followed.
 * @throws SeedError for a file that is too large to be read at once
 */
export async function readFolder(
  folder: string,
  isWanted: (label: string) => boolean,
): Promise<PackedFile[]> {
  const labels: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) labels.push(entry.name);
    if (!entry.isDirectory()) continue;
    const inner = await readdir(join(folder, entry.name), { withFileTypes: true });
    for (const file of inner) if (file.isFile()) labels.push(`${entry.name}/${file.name}`);
  }
  const files: PackedFile[] = [];
  for (const label of labels.filter(isWanted).sort()) {
    const path = join(folder, label);
    const { size } = await lstat(path);
    if (size > ARCHIVE_CAPS.perEntry) throw new SeedError(`${path} is too large (${size} bytes)`);
    files.push({ label, bytes: await readFile(path) });
  }
  return files;
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
