import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts a worker thread whose entry lies beside the calling module.
 *
 * From TypeScript source (vitest, tsx) the entry is `./<name>.ts`, run through tsx. In the esbuild
 * bundle every worker is an entry of its own: `./<name>.js` in the folder of the main bundle.
 *
 * @param importMetaUrl the caller's `import.meta.url`
 * @param name the entry's file name without extension, for example `database.worker`
 * @param workerData structured-clonable data which the thread finds as `workerData`
 * @throws Error when run from source without tsx installed; a missing entry, or a failure inside
 *   the thread, arrives as the worker's `error` event
 */
export function startWorker(importMetaUrl: string, name: string, workerData?: unknown): Worker {
  const { entry, isSource } = findEntry(importMetaUrl, name);
  if (!isSource) return new Worker(fileURLToPath(entry), { name, workerData, execArgv: [] });
  return new Worker(bootstrap(entry), { name, workerData, execArgv: [], eval: true });
}

/**
 * Starts a worker process whose entry is found as in `startWorker`: for what must be able to crash,
 * or be killed, without the server. Messages in both directions are structured clones; the process
 * should end when its channel disconnects.
 *
 * @param heapMb makes it a confined one: at most so many megabytes of heap, nothing of the server's
 *   environment, and nothing it prints is shown
 * @throws Error when run from source without tsx installed; a missing entry arrives as `exit` event
 */
export function startProcess(importMetaUrl: string, name: string, heapMb?: number): ChildProcess {
  const { entry, isSource } = findEntry(importMetaUrl, name);
  const loader = isSource ? ['--import', tsxUrl('dist/loader.mjs')] : [];
  const confined: ForkOptions =
    heapMb === undefined ? {} : { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] };
  const heap = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
  return fork(fileURLToPath(entry), {
    ...confined,
    execArgv: [...heap, ...loader],
    serialization: 'advanced',
  });
}

let built: string | null = null;

/** Has entries that were built into this folder taken from there, for tests: they start at once. */
export function takeBuiltWorkers(folder: string): void {
  built = folder;
}

function findEntry(importMetaUrl: string, name: string): { entry: string; isSource: boolean } {
  const isSource = new URL(importMetaUrl).pathname.endsWith('.ts');
  const ready = isSource && built ? join(built, `${name}.js`) : null;
  if (ready && existsSync(ready)) return { entry: pathToFileURL(ready).href, isSource: false };
  return { entry: new URL(`./${name}.${isSource ? 'ts' : 'js'}`, importMetaUrl).href, isSource };
}

/**
 * A script that registers tsx inside the thread and then imports the entry. `execArgv: ['--import',
 * 'tsx']` is not enough: on Node 20 a thread refuses an entry ending in `.ts` all the same.
 */
function bootstrap(entryUrl: string): string {
  // Resolved from this file, because the eval'd script would resolve from the working directory.
  const tsx = tsxUrl('dist/esm/api/index.mjs');
  const [api, entry] = [JSON.stringify(tsx), JSON.stringify(entryUrl)];
  return `import(${api}).then((tsx) => { tsx.register(); return import(${entry}); });`;
}

/**
 * A file of tsx by path: test runners that evaluate modules themselves have no `import.meta.resolve`,
 * and `require.resolve` would give tsx's CommonJS entries, which cannot register in a thread.
 */
const tsxUrl = (file: string) =>
  pathToFileURL(join(createRequire(import.meta.url).resolve('tsx/package.json'), '..', file)).href;
