/** Search parameters as anyone can type them: what is not what it should be is left out. */

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function uuidOf(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined;
}

/** Text also where the router read the words as a number or the like. */
export function textOf(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined;
  }
  return String(value).slice(0, most) || undefined;
}

export interface RangeSearch {
  start?: number | undefined;
  end?: number | undefined;
  /** The version of the source that the range is of. */
  v?: number | undefined;
}

export function rangeOf(search: Record<string, unknown>): RangeSearch {
  const start = wholeOf(search['start']);
  const end = wholeOf(search['end']);
  if (start === undefined || end === undefined || end <= start) return {};
  return { start, end, v: wholeOf(search['v']) };
}

function wholeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A path of this site; whatever leads elsewhere is not followed after a sign-in. */
export function ownPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('/')) return undefined;
  try {
    const url = new URL(value, location.origin);
    if (url.origin !== location.origin || url.pathname.startsWith('//')) return undefined;
    return url.pathname + url.search + url.hash;
  } catch {
    return undefined;
  }
}
