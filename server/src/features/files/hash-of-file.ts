import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { LocalFile } from '../../platform/ports/files/files.ts';

/** A file on this machine's disk with its size and hash. */
export async function hashOfFile(path: string): Promise<LocalFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { path, bytes, sha256: hash.digest('hex') };
}
