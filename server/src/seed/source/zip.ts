import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import {
  byLabel,
  FILE_MAX,
  MB,
  SeedError,
  systemPart,
  uniqueLabel,
  UnreadableError,
  type Source,
} from './source.ts';
import { whyNotUnpacked } from './zip-methods.ts';
import { namesOf } from './zip-names.ts';

/** What an archive may hold. Sizes are of what really comes out, whatever its headers declare. */
export interface ArchiveCaps {
  entries: number;
  /** Bytes that may come out of it altogether, each reading counted; it is read three times at most. */
  total: number;
  /** Times the archive's own size; archives may always unpack to `floor` bytes. */
  ratio: number;
  floor: number;
  perEntry: number;
  labelLength: number;
}

/**
 * A real export of 12 MB unpacks to 145 MB, and bots that repeat themselves reach five times that
 * ratio; an archive made to fill a disk has 1,000. One entry at a time is in memory.
 */
export const ARCHIVE_CAPS: ArchiveCaps = {
  entries: 500_000,
  total: 16_384 * MB,
  ratio: 300,
  floor: 256 * MB,
  perEntry: FILE_MAX,
  labelLength: 1_000,
};

/**
 * A zip file, read by its directory as every unpacker does: streamed, stored and zip64 ones alike,
 * entries unpacked one at a time and only when asked for. Names are labels alone: nothing is written
 * anywhere, and links and devices are plain bytes.
 *
 * @throws SeedError for what is no zip file, or one beyond the caps or with overlapping entries
 */
export async function openZip(file: string, caps: ArchiveCaps = ARCHIVE_CAPS): Promise<Source> {
  const refuse = (why: string) =>
    new SeedError(`${basename(file)} ${why}. If you trust it, unpack it and name the folder.`);
  const zip = await openPromise(file, { decodeStrings: false, autoClose: false }).catch(
    (error: unknown) => {
      throw new SeedError(`${basename(file)} cannot be read as a zip archive (${reason(error)})`);
    },
  );
  try {
    const { size } = statSync(file);
    const allowed = Math.min(caps.total, Math.max(caps.floor, caps.ratio * size));
    const listed = await list(zip, size, caps, refuse);
    let total = 0;
    const count = (bytes: number) => {
      total += bytes;
      if (total > allowed) throw refuse('unpacks to far more than its size allows');
    };
    const entryOf = (label: string) => {
      const entry = listed.entries.get(label);
      if (!entry) throw new Error(`${label} is no file of ${file}`);
      return entry;
    };
    return {
      path: file,
      name: basename(file)
        .replace(/\.zip$/i, '')
        .normalize('NFC'),
      files: listed.files,
      left: listed.left,
      read: (label) => unpack(entryOf(label), { zip, most: caps.perEntry, count }),
      async save(label, to) {
        // An archive within is packed already: it cannot be much larger than what it lies in.
        const most = Math.max(caps.floor, 2 * size);
        await pipeline(chunksOf(entryOf(label), { zip, most, count }), createWriteStream(to));
      },
      close: () => Promise.resolve(zip.close()),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

type Refuse = (why: string) => SeedError;

async function list(zip: ZipFile, size: number, caps: ArchiveCaps, refuse: Refuse) {
  const found: Entry[] = [];
  if (zip.entryCount > caps.entries) throw refuse(`holds more than ${caps.entries} files`);
  try {
    for await (const entry of zip.eachEntry()) {
      if (found.length >= caps.entries) throw refuse(`holds more than ${caps.entries} files`);
      if (entry.fileNameRaw.length > caps.labelLength) {
        throw refuse('holds a file with an overlong name');
      }
      found.push(entry);
    }
  } catch (error) {
    throw error instanceof SeedError ? error : refuse(`has a damaged directory (${reason(error)})`);
  }
  requireApart(found, size, refuse);
  const names = namesOf(found);
  const entries = new Map<string, Entry>();
  const left = new Map<string, string>();
  for (const [index, entry] of found.entries()) {
    const name = names[index] ?? '';
    if (name.endsWith('/') || name === '') continue;
    const system = systemPart(name);
    if (system) left.set(system, 'kept by the system or a tool');
    else
      entries.set(
        uniqueLabel(name, (taken) => entries.has(taken)),
        entry,
      );
  }
  const files = [...entries].map(([label, entry]) => ({ label, size: entry.uncompressedSize }));
  files.sort(byLabel);
  return { entries, files, left: [...left].map(([what, why]) => ({ what, why })) };
}

/** Entries that share bytes are how a small archive unpacks to anything (Fifield's zip bombs). */
function requireApart(entries: readonly Entry[], size: number, refuse: Refuse): void {
  const starts = [...entries].sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  let end = 0;
  for (const { relativeOffsetOfLocalHeader: start, compressedSize, fileNameRaw } of starts) {
    if (start < end) throw refuse('holds files that overlap');
    end = start + 30 + fileNameRaw.length + compressedSize;
    if (end > size) throw refuse('is cut off');
  }
}

interface Unpacking {
  zip: ZipFile;
  /** Bytes this entry may have. */
  most: number;
  /** Told of all bytes that come out. @throws SeedError when they are too many altogether */
  count(bytes: number): void;
}

/** An entry's bytes as they come out; the last follow only if its checksum is right. */
async function* chunksOf(entry: Entry, { zip, most, count }: Unpacking): AsyncGenerator<Buffer> {
  const why = entry.isEncrypted() ? 'encrypted' : whyNotUnpacked(entry.compressionMethod);
  if (why) throw new UnreadableError(why);
  let [size, sum] = [0, 0];
  let stream: Readable | undefined;
  try {
    stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      count(chunk.length);
      if (size > most) throw new UnreadableError(`larger than ${most / MB} MB`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof SeedError || error instanceof UnreadableError) throw error;
    throw new UnreadableError(`damaged (${reason(error)})`);
  } finally {
    stream?.destroy();
  }
  if (sum !== entry.crc32) throw new UnreadableError('damaged (its checksum is another)');
}

async function unpack(entry: Entry, unpacking: Unpacking): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(entry, unpacking)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Whether a file begins or ends as a zip archive does, whatever it is called. */
export async function isZip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 3 })) {
    return /^PK(?:\x03\x04|\x05\x06)/.test((chunk as Buffer).toString('latin1'));
  }
  return false;
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
