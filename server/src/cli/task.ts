import { createProgress, type Progress } from '../seed/progress.ts';
import { StoppedError } from './failures.ts';

/** A command under way: tells on standard error how far it is, and stops when asked to. */
export interface Task extends Progress {
  /** @throws StoppedError once the operator asked to stop */
  check(): void;
}

/** @param signal aborts when the operator asks to stop */
export function createTask(signal: AbortSignal): Task {
  const progress = createProgress(process.stderr);
  const check = () => {
    if (signal.aborted) throw new StoppedError();
  };
  return {
    ...progress,
    check,
    step(what, done, total) {
      check();
      progress.step(what, done, total);
    },
  };
}
