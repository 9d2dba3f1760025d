/**
 * Whether the session of this window ended without its person leaving: it was ended elsewhere, or is
 * over. The sign-in page says so, so that nobody wonders where they are.
 */
let isLeaving = false;
let isOver = false;

/** Before a log-out of one's own; `false` when it failed. */
export function noteLeaving(now: boolean): void {
  isLeaving = now;
}

/** Nobody is signed in any more; or somebody is. */
export function noteSession(isOpen: boolean): void {
  isOver = !isOpen && !isLeaving;
  isLeaving = false;
}

export const hasSessionEnded = (): boolean => isOver;
