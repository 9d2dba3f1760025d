import { backoff } from '@teambrain/client/backoff.ts';
import { askedDelay, isTransient } from '@teambrain/client/errors.ts';

const RETRY = { base: 1_000, max: 30_000 };

/** Repeats a request with the waits of the SDK's outbox; the last failure after `within` ms. */
export async function retrying<T>(request: () => Promise<T>, within: number): Promise<T> {
  const until = performance.now() + within;
  for (let tries = 0; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      if (!isTransient(error) || performance.now() > until) throw error;
      const wait = askedDelay(error) + backoff(tries, RETRY);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
