import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  byLabel,
  FILE_MAX,
  SeedError,
  systemPart,
  uniqueLabel,
  UnreadableError,
  type Source,
} from './source.ts';

const MAX_DEPTH = 32;
const MAX_FILES = 500_000;

/**
 * A folder with everything below it. Links are not followed, and what tools keep for themselves
 * (`.git`, `node_modules`, `.DS_Store`) is left out by name.
 * @throws SeedError for more files than anybody means to import
 */
export async function openFolder(folder: string): Promise<Source> {
  const paths = new Map<string, string>();
  const source: Source = {
    path: folder,
    name: basename(folder).normalize('NFC'),
    files: [],
    left: [],
    async read(label) {
      const path = paths.get(label);
      if (path === undefined) throw new Error(`${label} is no file of ${folder}`);
      const { size } = await lstat(path);
      if (size > FILE_MAX) throw new UnreadableError(`larger than ${FILE_MAX / 1_048_576} MB`);
      return readFile(path);
    },
    close: () => Promise.resolve(),
  };

  const walk = async (path: string, below: string, depth: number): Promise<void> => {
    const entries: Dirent[] = await readdir(path, { withFileTypes: true });
    for (const entry of entries) {
      const name = entry.name.normalize('NFC');
      const label = below ? `${below}/${name}` : name;
      const full = join(path, entry.name);
      if (systemPart(name)) leave(label, 'kept by the system or a tool');
      else if (entry.isSymbolicLink()) leave(label, 'a link');
      else if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await walk(full, label, depth + 1);
        else leave(label, `deeper than ${MAX_DEPTH} folders`);
      } else if (entry.isFile()) add(label, full, (await lstat(full)).size);
      else leave(label, 'no file');
    }
  };
  const leave = (what: string, why: string) => void source.left.push({ what, why });
  const add = (wanted: string, path: string, size: number) => {
    if (paths.size >= MAX_FILES)
      throw new SeedError(`${folder} holds more than ${MAX_FILES} files`);
    const label = uniqueLabel(wanted, (taken) => paths.has(taken));
    paths.set(label, path);
    source.files.push({ label, size });
  };
  await walk(folder, '', 0);
  source.files.sort(byLabel);
  return source;
}
