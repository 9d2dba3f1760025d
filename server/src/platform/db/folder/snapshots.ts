import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { DATABASE, SNAPSHOT } from './data-folder.ts';

/** Says where the process that owns the folder listens. Readable by its user alone. */
const FILE = 'control.json';
/** An order is a word; whoever sends more, or is slow, is no tool of ours. */
const MAX_ORDER = 64;
const ORDER_MS = 5_000;
/** Copying takes a second per gigabyte or so. */
const ANSWER_MS = 10 * 60_000;

/** What a snapshot is asked with, and what comes back: one line of JSON. */
const ORDER = 'snapshot\n';
type Answer = { name: string; pausedMs: number } | { failure: string };

export interface Snapshot {
  /** A data folder of its own with a copy of the database; the receiver removes it. */
  folder: string;
  /** How long the database stood still for it. */
  pausedMs: number;
}

interface Owner {
  dataDir: string;
  /** Private folder of this process. */
  socketDir: string;
  /** Copies the database's files; gives the milliseconds. */
  copy(to: string): Promise<number>;
}

/**
 * Answers requests for a snapshot on a unix socket that only the same user can reach: the folder
 * belongs to this process alone, so that a backup has to ask it. One at a time.
 */
export async function serveSnapshots(owner: Owner): Promise<{ close(): Promise<void> }> {
  const path = join(owner.socketDir, 'control');
  let isBusy = false;
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // whoever asked is gone
    readOrder(socket, () => {
      if (isBusy) return end(socket, { failure: 'another snapshot is being taken' });
      isBusy = true;
      void take(owner)
        .then((answer) => {
          if ('name' in answer && socket.destroyed) remove(join(owner.dataDir, answer.name));
          else end(socket, answer);
        })
        .finally(() => (isBusy = false));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  const file = join(owner.dataDir, FILE);
  writeFileSync(`${file}.new`, JSON.stringify({ socket: path }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return {
    async close() {
      rmSync(file, { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readOrder(socket: Socket, proceed: () => void): void {
  let text = '';
  socket.setTimeout(ORDER_MS, () => socket.destroy());
  socket.on('data', (chunk) => {
    text += chunk.toString();
    if (text.length > MAX_ORDER) return void socket.destroy();
    if (!text.includes('\n')) return;
    socket.setTimeout(0);
    socket.removeAllListeners('data');
    socket.resume();
    if (text === ORDER) proceed();
    else end(socket, { failure: 'this is not asked for here' });
  });
}

async function take({ dataDir, copy }: Owner): Promise<Answer> {
  const folder = mkdtempSync(join(dataDir, SNAPSHOT));
  try {
    const pausedMs = Math.round(await copy(join(folder, DATABASE)));
    return { name: basename(folder), pausedMs };
  } catch (error) {
    remove(folder);
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

const end = (socket: Socket, answer: Answer) => socket.end(`${JSON.stringify(answer)}\n`);
const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

/**
 * Asks the process that owns the data folder for a snapshot.
 * @throws Error when none answers (it runs in another container, say) or the copy failed
 */
export async function requestSnapshot(dataDir: string): Promise<Snapshot> {
  const answer = await exchange(readSocketPath(dataDir));
  if ('failure' in answer) throw new Error(`No snapshot could be taken: ${answer.failure}`);
  return { folder: join(dataDir, basename(answer.name)), pausedMs: answer.pausedMs };
}

function readSocketPath(dataDir: string): string {
  try {
    return (JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as { socket: string }).socket;
  } catch (error) {
    throw new Error('The TeamBrain that uses the data folder does not say where it listens.', {
      cause: error,
    });
  }
}

function exchange(path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(ORDER));
    let text = '';
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('No answer in 10 minutes.')));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', (error) =>
      reject(
        new Error(
          'The TeamBrain that uses the data folder cannot be reached. Run this command where it ' +
            `runs (in the same container, as the same user): ${error.message}`,
        ),
      ),
    );
    socket.on('close', () => {
      if (text.endsWith('\n')) resolve(JSON.parse(text) as Answer);
      else reject(new Error('The TeamBrain that uses the data folder ended meanwhile.'));
    });
  });
}
