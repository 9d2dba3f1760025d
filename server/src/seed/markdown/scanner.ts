import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../platform/core/worker.ts';
import { scan, type Scan } from './scan.ts';
import type { Scanner } from './page.ts';

/** Shorter texts take a quarter of a second at worst, whatever is in them. */
const SHORT = 4_000;
/** A page of 200,000 characters as people write it takes half a second; a busy machine ten times that. */
const BUDGET_MS = 10_000;

/**
 * Reads pages one after the other in a thread that is ended when one of them takes too long: a page
 * made to be slow costs its budget and is imported as text; the next has a thread of its own.
 */
export function createScanner(budgetMs = BUDGET_MS): { scan: Scanner; close(): Promise<void> } {
  let worker: Worker | null = null;
  let isReady = false;
  let settle: (answer: Scan | null) => void = () => undefined;

  function start(): Worker {
    const started = startWorker(import.meta.url, 'scan.worker');
    isReady = false;
    started.on('message', (answer: Scan) => {
      isReady = true;
      settle(answer);
    });
    started.on('error', () => settle(null));
    started.on('exit', () => settle(null));
    return started;
  }

  async function ask(markdown: string): Promise<Scan | null> {
    const asked = (worker ??= start());
    // The first answer of a thread waits for its start, which is no fault of the page.
    const budget = isReady ? budgetMs : budgetMs + START_MS;
    const answer = await new Promise<Scan | null>((resolve) => {
      const timer = setTimeout(resolve, budget, null);
      settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
      asked.postMessage(markdown);
    });
    settle = () => undefined;
    if (answer === null) {
      worker = null;
      await asked.terminate();
    }
    return answer;
  }

  return {
    scan: (markdown) =>
      markdown.length <= SHORT ? Promise.resolve(scan(markdown)) : ask(markdown),
    async close() {
      await worker?.terminate();
      worker = null;
    },
  };
}

const START_MS = 10_000;
