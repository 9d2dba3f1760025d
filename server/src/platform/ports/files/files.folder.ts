import { existsSync } from 'node:fs';
import { open, opendir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolder } from '../../core/make-folder.ts';
import { isKey, MissingFileError, requireKey, type Files } from './files.ts';

/** Folder of what is not complete yet; a backup leaves it out. */
export const INCOMING = 'incoming';

/**
 * Keeps files in a folder, one below another for the last two letters of each key. A file is
 * complete under its name or not there: it is written elsewhere in the same folder and renamed.
 */
export function createFolderFiles(folder: string): Files {
  const incoming = join(folder, INCOMING);
  const pathOf = (key: string) => join(folder, requireKey(key).slice(-2), key);
  return {
    place: folder,
    incoming,
    async put(key, file) {
      const path = pathOf(key);
      makeFolder(dirname(path));
      await sync(file.path);
      await rename(file.path, path);
      await sync(dirname(path));
    },
    async read(key, range): Promise<Readable> {
      try {
        const handle = await open(pathOf(key));
        return handle.createReadStream(range ?? {});
      } catch (error) {
        throw isMissing(error) ? new MissingFileError(key, error) : error;
      }
    },
    async remove(keys) {
      await Promise.all(keys.map((key) => rm(pathOf(key), { force: true })));
    },
    async *list() {
      if (!existsSync(folder)) return;
      for await (const entry of await opendir(folder, { recursive: true })) {
        if (!entry.isFile() || !isKey(entry.name)) continue;
        if (basename(entry.parentPath) === INCOMING) continue;
        const found = await stat(join(entry.parentPath, entry.name)).catch(missingIsNull);
        if (found) yield { key: entry.name, bytes: found.size };
      }
    },
    ready: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** What was written is on the disk when this resolves. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Of what was removed meanwhile. */
function missingIsNull(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
