/** A day as a text names it: with the readings that its spelling leaves open. */
export interface NamedDay {
  year: number | null;
  /** Months and days, e.g. of 3/4 both the third of April and the fourth of March. */
  readings: { month: number; day: number }[];
}

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'pl'];

let months: Map<string, number> | null = null;
/** The number of a month by its name, long or short; made with the first date that is read. */
const monthOf = (name: string) => (months ??= monthNames()).get(name.toLowerCase());

function monthNames(): Map<string, number> {
  const names = new Map<string, number>([['sept', 9]]);
  for (const language of LANGUAGES) {
    for (const style of ['long', 'short'] as const) {
      const format = new Intl.DateTimeFormat(language, { month: style, day: 'numeric' });
      const alone = new Intl.DateTimeFormat(language, { month: style });
      for (let month = 1; month <= 12; month += 1) {
        const day = new Date(2026, month - 1, 1);
        const inDate = format.formatToParts(day).find(({ type }) => type === 'month')?.value ?? '';
        for (const name of [inDate, alone.format(day)]) {
          const plain = name.toLowerCase().replace(/\.$/, '');
          if (/^\p{L}{3,}$/u.test(plain)) names.set(plain, month);
        }
      }
    }
  }
  return names;
}

const ISO = /(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/g;
const NUMERIC = /(?<![\d.])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})(?![\d.]\d)/g;
const WORD = '(\\p{L}{3,12})\\.?';
const YEAR = '(?:,?\\s{1,2}(\\d{4})(?!\\d))?';
/** 12th of March 2026, 12. März, 5 de mayo de 2026 */
const DAY_FIRST = new RegExp(
  `(?<![\\d.])(\\d{1,2})(?:st|nd|rd|th|\\.|º|er)?\\s{1,2}(?:(?:of|de|di)\\s)?${WORD}(?:\\sde)?${YEAR}`,
  'giu',
);
/** March 12th, 2026 */
const MONTH_FIRST = new RegExp(
  `(?<!\\p{L})${WORD}\\s{1,2}(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|[.,:]\\d)${YEAR}`,
  'giu',
);

/** The days a text names, and the text without them. */
export function takeDates(text: string): { days: NamedDay[]; rest: string } {
  const days: NamedDay[] = [];
  const take = (year: string | undefined, pairs: (readonly [number, number])[]): string | null => {
    const readings = pairs
      .filter(([month, day]) => month >= 1 && month <= 12 && day >= 1 && day <= 31)
      .map(([month, day]) => ({ month, day }));
    if (readings.length === 0) return null;
    days.push({ year: year === undefined ? null : fullYear(year), readings });
    return ' ';
  };
  const rest = text
    .replace(
      ISO,
      (all, y: string, m: string, d: string) => take(y, [[Number(m), Number(d)]]) ?? all,
    )
    .replace(NUMERIC, (all, a: string, _dot: string, b: string, y: string) => {
      const [first, second] = [Number(a), Number(b)];
      const pairs: [number, number][] = [[second, first]];
      if (first !== second) pairs.push([first, second]);
      return take(y, pairs) ?? all;
    })
    .replace(DAY_FIRST, (all: string, d: string, name: string, y?: string) => {
      const month = monthOf(name);
      return month === undefined ? all : (take(y, [[month, Number(d)]]) ?? all);
    })
    .replace(MONTH_FIRST, (all: string, name: string, d: string, y?: string) => {
      const month = monthOf(name);
      return month === undefined ? all : (take(y, [[month, Number(d)]]) ?? all);
    });
  return { days, rest };
}

const fullYear = (year: string) => (year.length === 2 ? 2000 + Number(year) : Number(year));

/** Whether a quoted day is the same, and says the year too where the sentence does. */
export function saysDay(quoted: NamedDay, said: NamedDay): boolean {
  if (said.year !== null && quoted.year !== said.year) return false;
  return said.readings.some((a) =>
    quoted.readings.some((b) => a.month === b.month && a.day === b.day),
  );
}
