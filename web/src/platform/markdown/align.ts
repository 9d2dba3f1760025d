/**
 * Finds a rendered text in its Markdown source: for each UTF-16 unit of `value` its offset in
 * `source`, within [start, end); null when it is not there. Escapes, entities, code fences and
 * the indentation of continued lines stand in the source only.
 */
export function alignText(
  source: string,
  value: string,
  start: number,
  end: number,
): number[] | null {
  const slice = source.slice(start, end);
  const at = slice.indexOf(value);
  if (at !== -1) return run(start + at, value);
  return walk(slice, value)?.map((offset) => start + offset) ?? null;
}

function run(first: number, value: string): number[] {
  return Array.from({ length: value.length }, (_, index) => first + index);
}

const ENTITY = /^&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[\da-zA-Z]{1,31});/;

function walk(slice: string, value: string): number[] | null {
  const map: number[] = [];
  let i = 0;
  while (map.length < value.length && i < slice.length) {
    const wanted = value[map.length];
    const entity = slice[i] === '&' ? ENTITY.exec(slice.slice(i, i + 40)) : null;
    if (entity && !value.startsWith(entity[0], map.length)) {
      map.push(i);
      i += entity[0].length;
    } else if (slice[i] === wanted || (wanted === ' ' && slice[i] === '\n')) {
      map.push(i);
      i += 1;
    } else {
      i += 1;
    }
  }
  return map.length === value.length ? map : null;
}
