import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BLOCK, makeHeader, paddingOf } from './archive.ts';
import { RefusedError } from './failures.ts';

/** A file of the archive as the manifest lists it. */
export interface Written {
  bytes: number;
  sha256: string;
}

export interface ArchiveWriter {
  /** Appends a member whose size shows only at its end. */
  add(name: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Written>;
  /** Ends the archive; only now the file has its name. Gives its size. */
  finish(): Promise<number>;
  /** Removes what was written. */
  abort(): Promise<void>;
}

/**
 * Writes an archive beside its final name, readable by this user alone.
 * @throws RefusedError when something has that name
 */
export async function createArchive(path: string): Promise<ArchiveWriter> {
  if (existsSync(path)) throw new RefusedError(`${path} exists already.`);
  const partial = `${path}.partial`;
  await rm(partial, { force: true }); // of a run that was killed
  const file = await open(partial, 'wx', 0o600);
  let position = 0;
  const append = async (bytes: Buffer) => {
    await writeAll(file, bytes, position);
    position += bytes.length;
  };
  return {
    async add(name, content) {
      const start = position;
      const hash = createHash('sha256');
      await append(Buffer.alloc(BLOCK));
      for await (const bytes of content) {
        hash.update(bytes);
        await append(bytes);
      }
      const bytes = position - start - BLOCK;
      await append(Buffer.alloc(paddingOf(bytes)));
      await writeAll(file, makeHeader(name, bytes), start);
      return { bytes, sha256: hash.digest('hex') };
    },
    async finish() {
      await append(Buffer.alloc(2 * BLOCK));
      await file.sync();
      await file.close();
      await publish(partial, path);
      return position;
    },
    async abort() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Gives the file its name, unless something else took it meanwhile. */
async function publish(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
    await rm(partial);
  } catch (error) {
    // Not every file system has links; a rename would replace what has the name.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(path)) throw error;
    await rename(partial, path);
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
