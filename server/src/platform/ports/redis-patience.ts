/** Longest a single answer may take. */
const DEADLINE_MS = 100;
/** An answer that takes less than this costs no patience. */
const STEP_MS = 20;
/** What slow answers, one after the other, may cost in all before Redis counts as away. */
const PATIENCE_MS = 120;
/** Patience that comes back in a millisecond. */
const RECOVERY = 0.2;

/** An answer came not in time, or answers have been slow for too long. */
export class TooLateError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'TooLateError';
  }
}

/**
 * Waits for answers with a budget over all of them: the first late answer, or several slow ones,
 * use it up, so that no request pays more than it, however many answers it needs.
 */
export function createPatience() {
  let spent = 0;
  let countedAt = performance.now();

  /** Counts time waited until now; waits side by side count once. False when patience is over. */
  function spend(ms: number): boolean {
    const now = performance.now();
    const since = now - countedAt;
    countedAt = now;
    spent = Math.max(0, spent - since * RECOVERY) + Math.min(ms, since);
    return spent < PATIENCE_MS;
  }

  return {
    renew(): void {
      spent = 0;
    },
    /**
     * Settles as the answer does. @param onSlow told when it takes longer than 20 ms
     * @throws TooLateError
     */
    wait<T>(answer: Promise<T>, onSlow: () => void = () => undefined): Promise<T> {
      return new Promise((resolve, reject) => {
        const began = performance.now();
        let checkedAt = began;
        let isSettled = false;
        // When a timer fires, what the socket already holds is read first (setImmediate runs after
        // I/O), so that a busy event loop does not look like a slow Redis.
        const look = () => setImmediate(() => setImmediate(check));
        const check = () => {
          if (isSettled) return;
          onSlow();
          const now = performance.now();
          const isBorne = spend(now - checkedAt);
          checkedAt = now;
          if (now - began >= DEADLINE_MS)
            reject(new TooLateError(`no answer in ${DEADLINE_MS} ms`));
          else if (!isBorne) reject(new TooLateError('answers are slow'));
          else timer = setTimeout(look, Math.min(STEP_MS, began + DEADLINE_MS - now));
        };
        let timer = setTimeout(look, STEP_MS);
        const settled = () => {
          isSettled = true;
          clearTimeout(timer);
          if (checkedAt > began) spend(performance.now() - checkedAt);
        };
        answer.finally(settled).then(resolve, reject);
      });
    },
  };
}
