import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

const BEAT_MS = 1_000;
const STALE_MS = 5_000;

interface Beat {
  pid: number;
  host: string;
  at: number;
}

/** The embedded database has no lock of its own: two processes on one folder lose rows silently. */
export class DataFolderBusyError extends Error {
  constructor(folder: string, by: string) {
    super(
      `The data folder ${folder} is in use by another TeamBrain (${by}). ` +
        'Stop that one first, or set DATA_DIR to another folder.',
    );
    this.name = 'DataFolderBusyError';
  }
}

/**
 * Holds the folder for this process until `release()` or its death.
 *
 * On Linux the lock is listening on an abstract unix socket named after the folder: atomic, and
 * freed by the kernel at process death. Containers do not share that name space (and other systems
 * lack it), so a heartbeat file guards those cases.
 *
 * @throws DataFolderBusyError when another process holds it
 */
export async function lockDataFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const real = realpathSync(folder);
  const server = process.platform === 'linux' ? await listenAbstract(real) : null;
  const file = join(real, 'lock.json');
  try {
    await refuseLiveBeat(file, real);
  } catch (error) {
    server?.close();
    throw error;
  }
  const beat = () => writeFileSync(file, JSON.stringify(ownBeat()));
  beat();
  const timer = setInterval(beat, BEAT_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      rmSync(file, { force: true });
      if (server) await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ownBeat = (): Beat => ({ pid: process.pid, host: hostname(), at: Date.now() });

function listenAbstract(folder: string): Promise<Server> {
  const name = `\0teambrain-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new DataFolderBusyError(folder, 'a process on this machine')
          : error,
      ),
    );
    server.listen(name, () => resolve(server));
  });
}

/** Another host's fresh beat, or a living process of ours, means busy; an old beat is a dead one's. */
async function refuseLiveBeat(file: string, folder: string): Promise<void> {
  const beat = readBeat(file);
  if (!beat || Date.now() - beat.at > STALE_MS) return;
  if (beat.host === hostname()) {
    const isOther = process.platform !== 'linux' && beat.pid !== process.pid && isAlive(beat.pid);
    if (isOther) throw new DataFolderBusyError(folder, `process ${beat.pid}`);
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, 2 * BEAT_MS));
  const later = readBeat(file);
  if (later && later.at !== beat.at) throw new DataFolderBusyError(folder, `host ${later.host}`);
}

function readBeat(file: string): Beat | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Beat;
  } catch {
    return null; // missing, or torn by a crash: no beat either way
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
