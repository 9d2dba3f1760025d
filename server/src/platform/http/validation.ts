import type { FastifySchemaCompiler } from 'fastify';
import { formats } from '@teambrain/contract/visible.ts';
import { lowerIdsOf } from '../wire/lower-ids.ts';
import { Compile } from 'typebox/compile';
import { Format } from 'typebox/format';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { problem } from '../core/problem.ts';

for (const [name, { fits }] of Object.entries(formats)) Format.Set(name, fits);

const PREFIX: Record<string, string> = { params: '/path', querystring: '/query', body: '' };

/** Validates requests by the contract's schemas; query strings and paths are converted first. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({
  schema,
  httpPart = 'body',
}) => {
  const compiled = Compile(schema);
  const lowerIds = lowerIdsOf(schema);
  const prefix = PREFIX[httpPart] ?? '';
  return (data: unknown) => {
    const value =
      httpPart === 'querystring' && Object.keys(data as object).length > 0
        ? Value.Convert(schema, { ...(data as object) })
        : data;
    if (!compiled.Check(value)) {
      return { error: problem('invalid-request', errorsOf(compiled.Errors(value), prefix)) };
    }
    lowerIds(value);
    const withNul = httpPart === 'querystring' ? nameWithNul(value as object) : undefined;
    if (withNul === undefined) return { value };
    const error = {
      pointer: `${prefix}/${withNul}`,
      detail: 'holds characters that are not allowed',
    };
    return { error: problem('invalid-request', { detail: error.detail, errors: [error] }) };
  };
};

/** PostgreSQL holds no NUL, and no query has a use for it. */
const nameWithNul = (query: object): string | undefined =>
  Object.entries(query).find(([, value]) => typeof value === 'string' && value.includes('\0'))?.[0];

interface SchemaError {
  keyword: string;
  instancePath: string;
  message: string;
  params: unknown;
}

/** TypeBox errors as pointers and sentences, at most ten, without doubles. */
function errorsOf(found: readonly SchemaError[], prefix: string) {
  const errors = new Map<string, string>();
  for (const error of found) {
    for (const [pointer, detail] of describe(error)) {
      if (!errors.has(pointer)) errors.set(pointer, detail);
    }
  }
  const list = [...errors].slice(0, 10);
  return {
    detail: list.map(([pointer, detail]) => `${prefix}${pointer || '/'} ${detail}`).join('; '),
    errors: list.map(([pointer, detail]) => ({ pointer: prefix + pointer, detail })),
  };
}

function describe({ keyword, instancePath, message, params }: SchemaError): [string, string][] {
  const { requiredProperties, limit, format } = params as {
    format?: string;
    requiredProperties?: string[];
    limit?: number;
  };
  switch (keyword) {
    case 'required':
      return (requiredProperties ?? []).map((name) => [`${instancePath}/${name}`, 'is missing']);
    case 'boolean':
      return [[instancePath, 'is not known here']];
    case 'additionalProperties':
      return []; // said by name through `boolean`
    case 'minLength':
      return [[instancePath, `needs at least ${limit} characters`]];
    case 'maxLength':
      return [[instancePath, `takes at most ${limit} characters`]];
    case 'pattern':
      return [[instancePath, 'is empty or holds characters that are not allowed']];
    case 'format':
      if (format === 'email') return [[instancePath, 'is not an e-mail address']];
      return [[instancePath, formats[format ?? '']?.words ?? message]];
    default:
      return [[instancePath, message]];
  }
}
