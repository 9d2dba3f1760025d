import type { Claim } from './verify.ts';

/** More characters of one object, or of an answer, are not read. */
const MAX_OBJECT = 8_000;
const MAX_ANSWER = 64_000;

/**
 * Reads a model's answer as it comes: JSON objects, one for each sentence, whatever is around them
 * (fences, commas, chatter). `add` gives the claims that the new text completes.
 */
export function createClaimReader() {
  let object = '';
  let depth = 0;
  let isString = false;
  let isEscaped = false;
  let length = 0;

  function step(char: string): Claim[] {
    if (depth === 0 && char !== '{') return [];
    if (object.length < MAX_OBJECT) object += char;
    if (isEscaped) isEscaped = false;
    else if (isString) {
      if (char === '\\') isEscaped = true;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth > 0) return [];
    const whole = object;
    object = '';
    return claimsIn(whole);
  }

  return {
    add(text: string): Claim[] {
      const rest = text.slice(0, Math.max(0, MAX_ANSWER - length));
      length += rest.length;
      return [...rest].flatMap(step);
    },
    /** Whether so much was said that no more is read. */
    isFull: () => length >= MAX_ANSWER,
  };
}

function claimsIn(json: string): Claim[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return []; // Not an object: what a model says besides is not read.
  }
  if (typeof value !== 'object' || value === null) return [];
  const { sentence, quotes } = value as { sentence?: unknown; quotes?: unknown };
  if (typeof sentence === 'string') return [{ sentence, quotes: quotesIn(quotes) }];
  // All sentences wrapped in one object.
  const list = Object.values(value).find(Array.isArray) as unknown[] | undefined;
  return (list ?? []).slice(0, 50).flatMap((item) => {
    const { sentence: said, quotes: own } = (item ?? {}) as Record<string, unknown>;
    return typeof said === 'string' ? [{ sentence: said, quotes: quotesIn(own) }] : [];
  });
}

function quotesIn(value: unknown): { passage: number; quote: string }[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 10).flatMap((item: unknown) => {
    const { passage, quote } = (item ?? {}) as Record<string, unknown>;
    const number = typeof passage === 'string' ? Number(passage) : passage;
    const isUsable = typeof number === 'number' && Number.isInteger(number);
    return isUsable && typeof quote === 'string' ? [{ passage: number, quote }] : [];
  });
}
