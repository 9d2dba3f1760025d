const LINE_MS = 3_000;
const TTY_MS = 100;

export interface Progress {
  /** Shows how far a step is, e.g. ('ubuntu: messages', 3200, 6250). */
  step(what: string, done: number, total: number): void;
  /** Shows a state that the next one replaces. */
  line(text: string): void;
  /** A line that stays. */
  say(line: string): void;
}

export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Progress on one changing line of a terminal, elsewhere as a plain line every few seconds. */
export function createProgress(output: Output, now: () => number = Date.now): Progress {
  let shownAt = -Infinity;
  let shownWhat = '';
  let isLineOpen = false;

  function show(what: string, line: string, isLast: boolean): void {
    const isNew = what !== shownWhat && output.isTTY === true;
    if (!isLast && !isNew && now() - shownAt < (output.isTTY ? TTY_MS : LINE_MS)) return;
    [shownAt, shownWhat] = [now(), what];
    if (!output.isTTY) {
      output.write(`${line}\n`);
      return;
    }
    output.write(`\r\u001B[K${line}${isLast ? '\n' : ''}`);
    isLineOpen = !isLast;
  }

  return {
    step(what, done, total) {
      show(what, `${what} ${count(done)} of ${count(total)}`, done >= total);
    },
    line(text) {
      show('line', text, false);
    },
    say(line) {
      output.write(isLineOpen ? `\r\u001B[K${line}\n` : `${line}\n`);
      isLineOpen = false;
    },
  };
}

/** 6250 → 6,250 */
export const count = (number: number): string => number.toLocaleString('en');

/** Milliseconds as a person says them. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
