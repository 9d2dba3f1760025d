/** What the process ends with (docs/guides/backup-and-restore.md). */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, faults: 4, stopped: 130 };

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {}

/** Going on would lose or mix up data, or use what cannot be trusted. Nothing was touched. */
export class RefusedError extends Error {}

/** The operator asked to stop. What was begun is undone. */
export class StoppedError extends Error {}
