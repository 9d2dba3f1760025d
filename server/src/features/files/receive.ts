import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { problem } from '../../platform/core/problem.ts';
import type { LocalFile } from '../../platform/ports/files/files.ts';

/** So many milliseconds without a byte, and the upload is given up. */
const STALL_MS = 20_000;

export interface ReceiveOptions {
  /** Where it is written; there is nothing yet. */
  path: string;
  max: number;
  /** What the client says there will be, if anything. */
  declared: number | null;
}

/**
 * Writes an upload to a file as it comes, so that never more than a chunk of it is in memory. Of what
 * fails nothing is left.
 * @throws too-large, too-slow, invalid-request where less came than was said
 */
export async function receive(
  bytes: Readable,
  { path, max, declared }: ReceiveOptions,
): Promise<LocalFile> {
  const hash = createHash('sha256');
  let count = 0;
  const stall = setTimeout(() => bytes.destroy(problem('too-slow')), STALL_MS);
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      stall.refresh();
      count += chunk.length;
      if (count > max) throw tooLarge(max);
      hash.update(chunk);
      await file.write(chunk);
    }
    if (declared !== null && count !== declared) {
      throw problem('invalid-request', { detail: 'The file did not come whole' });
    }
    await file.close();
    return { path, bytes: count, sha256: hash.digest('hex') };
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw isCutOff(error)
      ? problem('invalid-request', { detail: 'The file did not come whole', cause: error })
      : error;
  } finally {
    clearTimeout(stall);
  }
}

export const tooLarge = (max: number) =>
  problem('too-large', { detail: `A file has at most ${Math.floor(max / 1_048_576)} MB` });

const isCutOff = (error: unknown) =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
