import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fillerOf = (folder: string) => join(folder, 'filler');

/** What is filled up block by block, after the rest was taken at once. */
const SPARE_BLOCKS = 2_048;

/** Puts a disk of its own at `folder`, in memory; needs root. */
export function mountDisk(folder: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
}

export function unmountDisk(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
}

/** Takes all the room that is left on the disk at `folder`. */
export function fillDisk(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const filler = fillerOf(folder);
  // Whoever else writes meanwhile may take some of it first.
  const most = (bavail - SPARE_BLOCKS) * bsize;
  if (most > 0) execFileSync('fallocate', ['--length', String(most), filler]);
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(bsize), { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** Gives the room back. */
export function freeDisk(folder: string): void {
  rmSync(fillerOf(folder), { force: true });
}
