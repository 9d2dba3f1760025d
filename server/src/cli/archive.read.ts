import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BLOCK, paddingOf, parseHeader, type Member } from './archive.ts';
import { RefusedError } from './failures.ts';
import { parseManifest, type Manifest } from './manifest.ts';

/** Names at the end of every backup. */
export const MANIFEST = 'manifest.json';
export const SEAL = 'manifest.sha256';
const MANIFEST_MAX = 16_000_000;
const LINE_MAX = 64_000_000;
const BATCH_BYTES = 1_000_000;
const BATCH_LINES = 2_000;

/** A backup whose every byte was checked. */
export interface Backup {
  path: string;
  manifest: Manifest;
  members: Map<string, Member>;
}

/**
 * Reads the whole file once and compares everything with the manifest: names, sizes, hashes, and
 * that there is nothing else. `onBytes` hears how far it is.
 * @throws RefusedError when the file is anything but a whole backup
 */
export async function openBackup(
  path: string,
  onBytes: (done: number, total: number) => void = () => undefined,
): Promise<Backup> {
  const file = await open(path, 'r').catch((error: Error) => {
    throw new RefusedError(`The backup cannot be read: ${error.message}`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new RefusedError('The backup cannot be read: it is not a file.');
    const { size } = stat;
    const members = await scan(file, size);
    const manifest = await readManifest(file, members);
    await compare(path, manifest, members, (done) => onBytes(done, size));
    onBytes(size, size);
    return { path, manifest, members };
  } finally {
    await file.close();
  }
}

const damaged = (what: string) =>
  new RefusedError(`The backup is damaged or incomplete: ${what}. Nothing was changed.`);

async function scan(file: FileHandle, size: number): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  if (size < BLOCK) throw new RefusedError('This is not a backup of TeamBrain.');
  for (let position = 0; ;) {
    const block = await readAt(file, position, BLOCK);
    if (position === 0 && block.toString('latin1', 257, 262) !== 'ustar') {
      throw new RefusedError('This is not a backup of TeamBrain.');
    }
    if (isZero(block)) {
      const last = await readAt(file, position + BLOCK, BLOCK);
      if (!isZero(last) || size !== position + 2 * BLOCK) throw damaged('it does not end properly');
      return members;
    }
    const header = parseHeader(block);
    if (!header) throw damaged(`the header at byte ${position} is not as it was written`);
    if (members.has(header.name)) throw damaged(`${header.name} occurs twice`);
    const offset = position + BLOCK;
    members.set(header.name, { ...header, offset });
    const padding = paddingOf(header.size);
    if (!isZero(await readAt(file, offset + header.size, padding))) {
      throw damaged(`there is something after ${header.name}`);
    }
    position = offset + header.size + padding;
  }
}

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw damaged('it ends too early');
    done += bytesRead;
  }
  return bytes;
}

async function readManifest(file: FileHandle, members: Map<string, Member>): Promise<Manifest> {
  const [manifest, seal] = [members.get(MANIFEST), members.get(SEAL)];
  if (!manifest || !seal) throw damaged('it has no manifest');
  if (manifest.size > MANIFEST_MAX || seal.size !== 65) throw damaged('its manifest is too long');
  const text = await readAt(file, manifest.offset, manifest.size);
  const sealed = (await readAt(file, seal.offset, seal.size)).toString('latin1');
  if (sealed !== `${createHash('sha256').update(text).digest('hex')}\n`) {
    throw damaged('its manifest was changed');
  }
  return parseManifest(text.toString('utf8'));
}

async function compare(
  path: string,
  { tables, files }: Manifest,
  members: Map<string, Member>,
  onBytes: (done: number) => void,
): Promise<void> {
  const listed = [...tables, ...files];
  const names = new Set([...listed.map(({ file }) => file), MANIFEST, SEAL]);
  if (names.size !== listed.length + 2) throw damaged('its manifest lists a file twice');
  for (const name of members.keys()) {
    if (!names.has(name)) throw damaged(`${name} is not in its manifest`);
  }
  let done = 0;
  for (const { file, bytes, sha256 } of listed) {
    const member = members.get(file);
    if (!member || member.size !== bytes) throw damaged(`${file} is not as long as it was`);
    const hash = createHash('sha256');
    for await (const chunk of rangeOf(path, member)) {
      hash.update(chunk as Buffer);
      done += (chunk as Buffer).length;
      onBytes(done);
    }
    if (hash.digest('hex') !== sha256) throw damaged(`${file} is not what was written`);
  }
}

function rangeOf(path: string, { offset, size }: Member): Readable | Buffer[] {
  return size === 0 ? [] : createReadStream(path, { start: offset, end: offset + size - 1 });
}

function memberOf({ members }: Backup, name: string): Member {
  const member = members.get(name);
  if (!member) throw damaged(`${name} is missing`);
  return member;
}

/** The bytes of a file of the backup. */
export const readFileOf = (backup: Backup, name: string): AsyncIterable<Buffer> =>
  toBuffers(rangeOf(backup.path, memberOf(backup, name)));

async function* toBuffers(source: Iterable<unknown> | AsyncIterable<unknown>) {
  for await (const chunk of source) yield chunk as Buffer;
}

/** The rows of a table as lines of JSON, a few at a time. */
export async function* readLinesOf(backup: Backup, name: string): AsyncGenerator<string[]> {
  const source = rangeOf(backup.path, memberOf(backup, name));
  if (Array.isArray(source)) return;
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let batch: string[] = [];
  let batchBytes = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      [rest, restBytes, start] = [[], 0, end + 1];
      batch.push(line);
      batchBytes += line.length;
      if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_LINES) {
        yield batch;
        [batch, batchBytes] = [[], 0];
      }
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > LINE_MAX) throw damaged(`${name} has a line that is too long`);
  }
  if (restBytes > 0) throw damaged(`${name} ends within a line`);
  if (batch.length > 0) yield batch;
}
