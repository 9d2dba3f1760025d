const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds as a wait in words: “40 seconds”, “3 minutes”. */
export function wait(seconds: number): string {
  if (seconds < 90) return count(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 90 * MINUTE) return count(Math.ceil(seconds / MINUTE), 'minute');
  return count(Math.ceil(seconds / HOUR), 'hour');
}

/** A number with its unit, in the plural where it is due. */
export function count(n: number, unit: string, plural = `${unit}s`): string {
  return `${n.toLocaleString()} ${n === 1 ? unit : plural}`;
}

/** A count as badges show it: up to 99, then “99+”. */
export const upTo99 = (n: number): string => (n > 99 ? '99+' : String(n));

/** The same with its unit: “1 new message”, “99+ new messages”. */
export const countUpTo99 = (n: number, unit: string, plural = `${unit}s`): string =>
  `${upTo99(n)} ${n === 1 ? unit : plural}`;
