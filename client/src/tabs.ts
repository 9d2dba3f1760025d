/** What one tab tells the others of the same origin. */
export type TabMessage = { type: 'signed-in'; userId: string } | { type: 'signed-out' };

/** Milliseconds to wait for the other tabs. */
const LOCK_WAIT = 10_000;

export interface Tabs {
  /** Runs `work` while no other tab does (within this tab alone where locks are missing). */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  tell(message: TabMessage): void;
  close(): void;
}

/**
 * Ties the tabs of a browser together, which share one refresh cookie; elsewhere (`isShared`
 * false: Node, where every session has its own cookies) work is serialised within the session.
 */
export function createTabs(isShared: boolean, onMessage: (message: TabMessage) => void): Tabs {
  const hasChannel = isShared && typeof BroadcastChannel !== 'undefined';
  const channel = hasChannel ? new BroadcastChannel('teambrain-session') : null;
  if (channel) {
    channel.onmessage = (event: MessageEvent<unknown>) => {
      if (isTabMessage(event.data)) onMessage(event.data);
    };
  }
  const hasLocks = isShared && typeof navigator !== 'undefined' && 'locks' in navigator;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    exclusively<T>(work: () => Promise<T>): Promise<T> {
      if (hasLocks) return locked(navigator.locks, work);
      const done = queue.then(work, work);
      queue = done.catch(() => undefined);
      return done;
    },
    tell: (message) => channel?.postMessage(message),
    close: () => channel?.close(),
  };
}

function isTabMessage(value: unknown): value is TabMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'signed-out') return true;
  return value.type === 'signed-in' && 'userId' in value && typeof value.userId === 'string';
}

/** Waits for the lock, but not for ever: a tab may hang, and the server copes with a race. */
async function locked<T>(locks: LockManager, work: () => Promise<T>): Promise<T> {
  let started: Promise<T> | null = null;
  const start = () => (started ??= work());
  try {
    await locks.request('teambrain-refresh', { signal: AbortSignal.timeout(LOCK_WAIT) }, start);
  } catch {
    // The lock was not to be had in time, or the work itself failed; either way its own end counts.
  }
  return start();
}
