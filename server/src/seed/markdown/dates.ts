const FORM =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The moment a field names: `2024-01-15`, `2024-01-15 10:30`, with seconds and zone if there are
 * any (UTC without). Null for everything else: `01/02/2024` is another day in every country.
 */
export function instantOf(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
  if (typeof value !== 'string') return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = ''] =
    FORM.exec(value.trim()) ?? [];
  if (year === undefined) return null;
  const parts = [month, day, hour, minute, second].map(Number);
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const at = new Date(Date.UTC(Number(year), m - 1, d, h, min, s, milliseconds));
  const isDay = at.getUTCMonth() === m - 1 && at.getUTCDate() === d && h < 24 && min < 60 && s < 60;
  const isNear = Number(year) >= 1900 && Number(year) <= 2100;
  if (!isDay || !isNear) return null;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return new Date(at.getTime() - offset * 60_000);
}
