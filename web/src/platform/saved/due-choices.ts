/** Hour of the day at which "tomorrow" and "next week" come back. */
const MORNING = 9;
const HOURS = 3;

export interface DueChoice {
  label: string;
  at: Date;
}

const morningIn = (now: Date, days: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);

/** Usual dates to come back to something, in the zone of the reader. */
export function dueChoices(now = new Date()): DueChoice[] {
  const later = new Date(now.getTime() + HOURS * 3_600_000);
  return [{ label: `In ${HOURS} hours`, at: later }, ...morningChoices(now)];
}

/** The next morning and that of the next Monday, in the zone of the reader. */
export function morningChoices(now = new Date()): DueChoice[] {
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { label: 'Tomorrow', at: morningIn(now, 1) },
    { label: 'Next Monday', at: morningIn(now, untilMonday) },
  ];
}

/** “Today, 14:00”, “Tomorrow, 09:00”, “Mon 4 May, 09:00”. */
export function dueWords(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const clock = at.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
  const dayOf = (date: Date) => date.toDateString();
  const days = [
    ['Today', 0],
    ['Tomorrow', 1],
    ['Yesterday', -1],
  ] as const;
  const near = days.find(([, days]) => dayOf(morningIn(now, days)) === dayOf(at));
  if (near) return `${near[0]}, ${clock}`;
  const isThisYear = at.getFullYear() === now.getFullYear();
  const day = at.toLocaleDateString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return `${day}, ${clock}`;
}
