import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, for this user alone. Node's own recursive
 * mkdir never returns where the system says "no such file" to every attempt (below /proc, say).
 * @throws the system's error (ENOTDIR, EACCES, EROFS, ENOSPC …)
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let at = resolve(path);
  while (!isFolder(at)) {
    missing.push(at);
    at = dirname(at);
  }
  for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
    try {
      mkdirSync(next, { mode: 0o700 });
    } catch (error) {
      // Another process may have made it at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(next)) throw error;
    }
  }
}

/** False when there is nothing. @throws ENOTDIR when there is something else */
function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) {
    throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
  }
  return found !== undefined;
}
