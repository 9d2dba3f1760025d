import type { TSchema } from 'typebox';

/** Names of properties that lead to an id; EACH leads to every one of a list. */
type Path = readonly string[];
const EACH = '*';

interface Shape {
  format?: string;
  items?: TSchema;
  anyOf?: TSchema[];
  properties?: Record<string, TSchema>;
}

/** Where values of a schema have ids. */
function pathsIn(schema: TSchema): Path[] {
  const { format, items, anyOf = [], properties = {} } = schema as Shape;
  if (format === 'uuid') return [[]];
  const ofList = items ? pathsIn(items).map((path) => [EACH, ...path]) : [];
  const ofParts = Object.entries(properties).flatMap(([key, inner]) =>
    pathsIn(inner).map((path) => [key, ...path]),
  );
  return [...ofList, ...ofParts, ...anyOf.flatMap(pathsIn)];
}

/** The value with the ids along a path in small letters; objects and lists are changed in place. */
function lowered(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return typeof value === 'string' ? value.toLowerCase() : value;
  if (typeof value !== 'object' || value === null) return value;
  const parts = value as Record<string, unknown>;
  const keys = key === EACH ? Object.keys(parts) : Object.hasOwn(parts, key) ? [key] : [];
  for (const one of keys) parts[one] = lowered(parts[one], rest);
  return value;
}

/**
 * Puts the ids in valid values of a schema into small letters, in place. An id is one thing however it
 * is written, and the database knows it so; what compares texts (events, windows, links) must too.
 */
export function lowerIdsOf(schema: TSchema): (value: unknown) => void {
  const paths = pathsIn(schema);
  return (value) => {
    for (const path of paths) lowered(value, path);
  };
}
