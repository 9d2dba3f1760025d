import type { Client } from 'pg';
import type { Log } from '../core/log.ts';
import { RefusedStartError } from '../core/refused-start.ts';
import { connectOnce } from './postgres.ts';

/** Advisory lock that tells who runs on a database, one beside that of the schema. */
const LOCK = '6081373993727844714';
/** How long the instance that runs may take to end when another one replaces it. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 500;

const refusal = {
  alone:
    'Another TeamBrain runs on this database. Several instances need Redis: set the same ' +
    'REDIS_URL for all of them, or stop the other one.',
  among:
    'A TeamBrain without Redis runs on this database and would miss what this one does: set the ' +
    'same REDIS_URL for it, or stop it.',
};

/**
 * Says that this instance runs on the database: `alone` (its bus reaches nobody else) or `among`
 * others that share its Redis. Both at once are impossible. The session of a dedicated connection
 * holds the lock, so the death of the process or of its machine ends it.
 *
 * @throws RefusedStartError when the running instances do not allow it
 */
export async function holdInstanceLease(
  url: string,
  kind: keyof typeof refusal,
  log: Log,
): Promise<{ release(): Promise<void> }> {
  let isReleased = false;
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** Whether the lock is held now, on a connection that is watched. */
  async function take(): Promise<boolean> {
    const next = connectOnce(url, 'teambrain lease', '-c tcp_keepalives_idle=10');
    next.on('error', () => undefined); // `end` follows
    await next.connect();
    const lock = kind === 'alone' ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared';
    const found = await next.query<{ held: boolean }>(`select ${lock}($1) held`, [LOCK]);
    if (!found.rows[0]?.held || isReleased) {
      await next.end();
      return false;
    }
    client = next;
    next.once('end', () => {
      client = null;
      if (!isReleased) retake(false);
    });
    return true;
  }

  /** The database was away. Whoever came meanwhile has the lock; that is reported, once. */
  function retake(isReported: boolean): void {
    timer = setTimeout(() => {
      take().then(
        (isHeld) => {
          if (isHeld || isReleased) return;
          if (!isReported) log.error(refusal[kind]);
          retake(true);
        },
        () => retake(isReported), // still away
      );
    }, RETRY_MS);
    timer.unref();
  }

  const deadline = Date.now() + PATIENCE_MS;
  while (!(await take())) {
    if (Date.now() > deadline) throw new RefusedStartError(refusal[kind]);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return {
    async release() {
      isReleased = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
