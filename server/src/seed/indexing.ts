import type { App } from '../app.ts';
import { countPassages } from '../features/search/index.ts';
import { patiently } from './patience.ts';
import { count, type Progress } from './progress.ts';
import { StoppedError } from './write-run.ts';

const LOOK_MS = 500;
/** After so long without any change the rest is left to the server, which goes on from there. */
const PATIENCE_MS = 300_000;

/** How the index stands: events that are not in it yet, and the passages it has. */
export interface IndexState {
  events: number;
  passages: number;
}

/**
 * Waits for the search index and shows how far it is. What was imported is saved already, and the
 * index is made from it: when it does not move for minutes, on a machine that has other things to do,
 * nothing is lost by going without it, and a server finishes it whenever it runs.
 *
 * @returns how many events are left for the server to index; 0 when the index is complete
 * @throws StoppedError
 */
export async function untilIndexed(
  look: () => Promise<IndexState>,
  progress: Progress,
  signal: AbortSignal,
  { lookMs = LOOK_MS, patienceMs = PATIENCE_MS } = {},
): Promise<number> {
  const first = await look();
  let last = first;
  let movedAt = performance.now();
  while (last.events > 0) {
    if (signal.aborted) throw new StoppedError();
    progress.line(
      `Search index: ${count(last.passages - first.passages)} passages made, ` +
        `${count(first.events - last.events)} of ${count(first.events)} events done`,
    );
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    const now = await look();
    const isMoving = now.events !== last.events || now.passages !== last.passages;
    if (isMoving) movedAt = performance.now();
    last = now;
    if (performance.now() - movedAt > patienceMs) return last.events;
  }
  if (first.events > 0) {
    progress.say(`Search index: ${count(last.passages - first.passages)} passages made`);
  }
  return 0;
}

/** Looks at the index of a running app, however busy that is. */
export const lookAt = (app: App, signal: AbortSignal) => async (): Promise<IndexState> => ({
  events: await patiently(() => app.followers.backlog(), signal),
  passages: await patiently(() => countPassages(app.database.db), signal),
});
