import {
  chmodSync,
  lstatSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../core/make-folder.ts';
import { RefusedStartError } from '../../core/refused-start.ts';

/** What TeamBrain puts into its data folder; other things there are not ours to change. */
const OURS =
  /^(?:postgres|secret|files|models|lock\.json|control\.json|restore\.json|snapshot-.*|restoring-.*|replaced-.*)$/;
/** Files and folders looked at; a database has about a thousand. */
const MAX_ENTRIES = 100_000;
const GROUP_AND_OTHERS = 0o077;

const WHY: Record<string, string> = {
  ENOTDIR: 'it is a file, or lies below one',
  EEXIST: 'something that is no folder has that name',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  ENOENT: 'the system makes no folder there',
  ELOOP: 'its links lead round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Makes the data folder where it is missing, closes it to other users, and tries to write.
 * @throws RefusedStartError with what is wrong
 */
export function openDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    close(dataDir, statSync(dataDir));
    const trial = join(dataDir, `.trial-${process.pid}`);
    writeFileSync(trial, 'x', { mode: 0o600 });
    rmSync(trial);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = WHY[code] ?? String(error);
    throw new RefusedStartError(
      `The data folder ${resolve(dataDir)} cannot be used: ${why}. Set DATA_DIR to a folder that this user may write.`,
      error,
    );
  }
}

/**
 * Takes away what other users may do with our files in the data folder. The embedded database makes
 * its files readable and writable for everybody, whatever the umask says.
 */
export function closeContents(dataDir: string): void {
  const waiting = readdirSync(dataDir)
    .filter((name) => OURS.test(name))
    .map((name) => join(dataDir, name));
  for (let count = 0; count < MAX_ENTRIES; count += 1) {
    const path = waiting.pop();
    if (path === undefined) return;
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) continue; // it was removed meanwhile
    close(path, found);
    if (found.isDirectory()) waiting.push(...readdirSync(path).map((name) => join(path, name)));
  }
}

/** Leaves alone what is another user's, or has a second name elsewhere. */
function close(path: string, found: Stats): void {
  const isOwn = process.getuid === undefined || found.uid === process.getuid();
  const isAlone = found.isDirectory() || (found.isFile() && found.nlink === 1);
  if (!isOwn || !isAlone || (found.mode & GROUP_AND_OTHERS) === 0) return;
  chmodSync(path, found.mode & 0o700);
}
