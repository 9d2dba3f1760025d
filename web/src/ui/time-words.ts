const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** “just now”, “5 min ago”, “3 h ago”, “yesterday”, “12 May”, “12 May 2024”. */
export function relative(iso: string, now = Date.now()): string {
  const then = new Date(iso);
  const seconds = Math.round((now - then.getTime()) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < HOUR) return `${Math.max(1, Math.round(seconds / MINUTE))} min ago`;
  if (seconds < DAY && isSameDay(then, new Date(now))) return `${Math.round(seconds / HOUR)} h ago`;
  if (isSameDay(then, new Date(now - DAY * 1000))) return 'yesterday';
  if (seconds < 6 * DAY) return `${Math.max(2, Math.round(seconds / DAY))} days ago`;
  const isThisYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

/** The exact instant in the reader's zone. */
export function exact(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' });
}

export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

/** To the second, for what is over soon: “14:03:12”. */
export function exactClock(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

/** The hour and minute alone, where there is little room. */
export function shortClock(iso: string): string {
  const format = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
  return format
    .formatToParts(new Date(iso))
    .filter(({ type, value }) => type === 'hour' || type === 'minute' || value === ':')
    .map(({ value }) => value)
    .join('');
}

/** “Today”, “Yesterday”, “Monday, 12 May”. */
export function dayName(iso: string, now = Date.now()): string {
  const then = new Date(iso);
  if (isSameDay(then, new Date(now))) return 'Today';
  if (isSameDay(then, new Date(now - DAY * 1000))) return 'Yesterday';
  const isThisYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

export function isSameDay(a: Date, b: Date): boolean {
  return (
    a.getFullYear() === b.getFullYear() &&
    a.getMonth() === b.getMonth() &&
    a.getDate() === b.getDate()
  );
}
