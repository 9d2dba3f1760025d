import type { TSchema } from 'typebox';
import { expect, it } from 'vitest';
import type { EventType } from './event.ts';
import { Person } from './id.ts';
import { events } from './log.ts';

/** Strings that are no words of people: a sign of a space, which stays in the log as it was. */
const NO_WORDS = ['space.updated emoji'];

interface AnySchema {
  type?: string;
  format?: string;
  enum?: unknown;
  const?: unknown;
  properties?: Record<string, TSchema>;
  items?: TSchema;
  anyOf?: TSchema[];
}

/** Paths to the strings in which people could have written something. */
function stringsIn(schema: TSchema): string[] {
  if (schema === Person) return []; // kept by id alone: platform/events/people.ts
  const { type, format, properties = {}, items, anyOf = [], ...rest } = schema as AnySchema;
  const isFree = type === 'string' && format === undefined && !rest.enum && !('const' in rest);
  const inside = Object.entries(properties).flatMap(([key, inner]) =>
    stringsIn(inner).map((path) => (path ? `${key}.${path}` : key)),
  );
  // A list is emptied as a whole.
  const elements = items && stringsIn(items).length > 0 ? [''] : [];
  return [...(isFree ? [''] : []), ...inside, ...elements, ...anyOf.flatMap(stringsIn)];
}

it.each([...events] as EventType[])(
  '$type names all its words, so that they leave the log when they are changed or deleted',
  ({ type, data, words }) => {
    const strings = stringsIn(data).filter((path) => !NO_WORDS.includes(`${type} ${path}`));
    expect([...words].sort()).toEqual(strings.sort());
  },
);

it('finds a string wherever it is', () => {
  expect(stringsIn(events.find(({ type }) => type === 'space.updated')?.data as TSchema)).toEqual([
    ...['name', 'description', 'emoji'],
  ]);
});
