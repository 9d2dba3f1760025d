/** Numbers of a text by value: each with the readings that its spelling leaves open. */
export type Values = string[][];

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: Record<string, number> = {
  ...{ k: 1e3, thousand: 1e3, mio: 1e6, million: 1e6, millions: 1e6, bn: 1e9, billion: 1e9 },
  hundred: 1e2,
  dozen: 12,
};
const WORDS = new Map<string, number>([
  ...ONES.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + 10 * index] as const),
  ...TENS.flatMap((ten, index) =>
    ONES.slice(1, 10).map((one, unit) => [`${ten}-${one}`, 21 + 10 * index + unit] as const),
  ),
]);
/** "One" is as often a pronoun. */
WORDS.delete('one');

const TIME =
  /(?<![\d:])(\d{1,2})(?::(\d{2}))?\s?([ap])\.?m\b\.?|(?<![\d:])(\d{1,2}):(\d{2})(?!\d)/gi;
/** Parts between dots, of versions and addresses: 4.2.1 */
const DOTTED = /(?<![\d.])\d+(?:\.\d+){2,}(?![\d.]\d)/g;
/** S3, K8s, v4, B-12: a name with digits in it. */
const MIXED =
  /(?<![\p{L}\p{N}])(?=[\p{N}]*\p{L})(?=\p{L}*\p{N})[\p{L}\p{N}]+(?:-\p{N}+)?(?![\p{L}\p{N}])/gu;
const ORDINAL = /^(\d+)(?:st|nd|rd|th)$/i;
const SCALED = /^(\d+)(k|bn)$/i;
const NUMBER =
  /(?<![\p{L}\p{N}])\d{1,3}(?:([., '’\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?/gu;

/** A text's numbers, times, versions and names with digits. Dates are to be taken out before. */
export function valuesOf(text: string): Values {
  const found: Values = [];
  const take = (...readings: string[]) => {
    found.push(readings);
    return ' ';
  };
  const plain = text.normalize('NFKC').replace(/(?!\p{ASCII})\p{Nd}/gu, digitOf);
  const rest = plain
    .replace(
      TIME,
      (
        _all: string,
        hour?: string,
        minute?: string,
        half?: string,
        hour24?: string,
        minute24?: string,
      ) => take(`t${minutesOf(hour ?? hour24 ?? '0', minute ?? minute24, half)}`),
    )
    .replace(DOTTED, (all: string) => take(`v${all}`))
    .replace(MIXED, (all: string) => {
      const ordinal = ORDINAL.exec(all)?.[1];
      const [, scaled, scale = ''] = SCALED.exec(all) ?? [];
      if (ordinal) return take(ordinal);
      if (scaled) return take(String(Number(scaled) * (SCALES[scale.toLowerCase()] ?? 1)));
      return take(`i${all.toLowerCase()}`);
    })
    .replace(NUMBER, (all: string, _separator: string, at: number, whole: string) => {
      const scale = scaleAfter(whole.slice(at + all.length, at + all.length + 12));
      return take(...readingsOf(all).map((value) => String(value * scale)));
    });
  for (const word of rest.toLowerCase().match(/[a-z]+(?:-[a-z]+)?/g) ?? []) {
    const value = WORDS.get(word);
    if (value !== undefined) take(String(value));
  }
  return found;
}

/** Whether each value that is said has a reading among those quoted. */
export function supports(quoted: Values, said: Values): boolean {
  const known = new Set(quoted.flat());
  return said.every((readings) => readings.some((reading) => known.has(reading)));
}

function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

function minutesOf(hour: string, minute = '0', half?: string): number {
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hour);
  return hours * 60 + Number(minute);
}

const scaleAfter = (after: string) =>
  SCALES[
    /^\s(thousand|mio|millions?|bn|billion|hundred|dozen)\b/i.exec(after)?.[1]?.toLowerCase() ?? ''
  ] ?? 1;

/** 1,000 is a thousand here and one there; 12,5 and 12.5 are the same everywhere. */
function readingsOf(spelled: string): number[] {
  const grouped = spelled.replace(/[ '’\u00a0\u202f]/g, '');
  const last = Math.max(grouped.lastIndexOf('.'), grouped.lastIndexOf(','));
  if (last < 0) return [Number(grouped)];
  const whole = grouped.slice(0, last).replace(/[.,]/g, '');
  const part = grouped.slice(last + 1);
  const asFraction = Number(`${whole}.${part}`);
  const isGroup = part.length === 3 && Number(whole) > 0;
  const isSecondGroup = /[.,]/.test(grouped.slice(0, last)) && part.length === 3;
  if (isSecondGroup) return [Number(whole + part)];
  return isGroup ? [Number(whole + part), asFraction] : [asFraction];
}
