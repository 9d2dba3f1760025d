import fc from 'fast-check';
import type { TSchema } from 'typebox';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { hostileText, hostileValue, oddHeaders } from './contract.hostile.ts';
import type { Input } from './support/http.ts';

interface Described {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Described[];
  allOf?: Described[];
  items?: Described;
  properties?: Record<string, Described>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

const INSTANTS = [
  '2024-05-01T12:00:00Z',
  '2024-05-01T12:00:00.5+02:00',
  '2016-12-31T23:59:60Z',
  '2024-05-01T12:00:00Z[Europe/Paris]',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
];

const EMAILS = ['someone@example.org', '"a b"@example.org', 'x@[127.0.0.1]', "o'x@example.org"];

const encoded = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
const SOME_ID = '00000000-0000-4000-8000-000000000000';
const NO_ID = '-'.repeat(36);

/** Cursors of lists: right ones, and what only looks like one. */
const CURSORS = [
  encoded(['a', SOME_ID]),
  encoded([SOME_ID]),
  encoded(['\ud800', SOME_ID]),
  encoded(['a'.repeat(80), SOME_ID]),
  encoded(['a', NO_ID]),
  encoded([NO_ID]),
  encoded(['a\0', SOME_ID]),
  encoded({ length: 2, 0: 'a', 1: SOME_ID }),
  encoded(null),
  '1',
  '-1',
  '1e3',
  '2147483648',
  '9007199254740991',
  '0x10',
  ' 1',
  '',
];

/** Ids for each name in a path, and for anything else that takes one. */
export interface Ids {
  byName: Record<string, readonly string[]>;
  any: readonly string[];
}

/** Values a schema takes, at its edges too; what only looks like them comes from `hostileValue`. */
export function valueOf(schema: Described, ids: readonly string[]): fc.Arbitrary<unknown> {
  const { type, format, minLength = 0, maxLength = 60, minimum = 0 } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueOf(one, ids)));
  if (schema.allOf?.[0]) return valueOf(schema.allOf[0], ids);
  if (format === 'uuid') return fc.constantFrom(...ids);
  if (format === 'date-time') return fc.constantFrom(...INSTANTS);
  if (format === 'email') return fc.constantFrom(...EMAILS);
  if (schema.pattern?.includes('[0-9]')) {
    return fc.constantFrom('0', '1', '999', '2147483648', '999999999999999');
  }
  switch (type) {
    case 'string': {
      const limits = { minLength: Math.min(minLength, 60), maxLength: Math.min(maxLength, 60) };
      return fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: 'grapheme', ...limits }) },
        { weight: 3, arbitrary: fc.string(limits) },
        { weight: 1, arbitrary: hostileText },
      );
    }
    case 'integer':
      return fc.constantFrom(minimum, minimum + 1, schema.maximum ?? 200);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, ids), { maxLength: 3 });
    case 'object':
      return objectOf(schema, (property) => valueOf(property, ids));
    default:
      return hostileValue(ids);
  }
}

function objectOf(
  { properties = {}, required = [] }: Described,
  make: (schema: Described) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      name === 'after' && schema.type === 'string' && !schema.pattern
        ? fc.constantFrom(...CURSORS)
        : make(schema),
    ]),
  );
  return fc.record(model, { requiredKeys: required });
}

/** An object of the schema in which some values are what they should not be. */
function looselyOf(schema: TSchema, ids: readonly string[]) {
  const described = schema as Described;
  const good = objectOf(described, (property) => valueOf(property, ids));
  const mixed = objectOf(described, (property) =>
    fc.oneof(
      { weight: 4, arbitrary: valueOf(property, ids) },
      { weight: 1, arbitrary: hostileValue(ids) },
    ),
  );
  const bad = fc.dictionary(hostileText, hostileValue(ids), { maxKeys: 3 });
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 3, arbitrary: mixed },
    { weight: 1, arbitrary: fc.tuple(mixed, bad).map(([a, b]) => ({ ...a, ...b })) },
    { weight: 1, arbitrary: bad },
  );
}

/** Requests of an endpoint: some right, most wrong in one place or another. */
export function requestsOf(endpoint: Endpoint, { byName, any: ids }: Ids): fc.Arbitrary<Input> {
  const names = Object.keys(endpoint.params.properties);
  const idFor = (name: string) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...(byName[name] ?? ids)) },
      { weight: 2, arbitrary: fc.constantFrom(...ids) },
      { weight: 1, arbitrary: hostileText.map((text) => Buffer.from(text).toString()) },
    );
  const headers = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...oddHeaders) },
  );
  const none = fc.constant(undefined);
  const { query, body, ifMatch } = endpoint;
  const version = fc.constantFrom(1, 2, 999_999_999, 'x');
  return fc.record({
    params: fc.record(Object.fromEntries(names.map((name) => [name, idFor(name)]))),
    headers,
    query: query ? looselyOf(query, ids) : fc.constant({}),
    body: body ? bodyOf(body, ids) : none,
    version: ifMatch === 'required' ? version : ifMatch ? fc.oneof(none, version) : none,
  });
}

const bodyOf = (schema: TSchema, ids: readonly string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: looselyOf(schema, ids) },
    { weight: 1, arbitrary: hostileValue(ids) },
  );
