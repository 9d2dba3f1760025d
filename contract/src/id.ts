import Type, { type Static, type TSchema } from 'typebox';

/** UUID, made by the client as version 7 on creation, so that a retry is the same write. */
export const Id = Type.String({ format: 'uuid', description: 'UUID (version 7 when made here)' });

/** ISO 8601 instant in UTC. */
export const Instant = Type.String({ format: 'date-time' });

/** Position in a space's log: 1, 2, 3 … without gaps. */
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Version of an editable thing; starts at 1 and grows by 1 with each change. */
export const Version = Type.Integer({ minimum: 1, maximum: 2147483647 });

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** An object that refuses unknown properties. */
export const Closed = <const P extends Record<string, TSchema>>(
  properties: P,
  options: { description?: string; minProperties?: number } = {},
) => Type.Object(properties, { ...options, additionalProperties: false });

/** One of the given strings. */
export const OneOf = <const V extends readonly string[]>(...values: V) =>
  Type.Unsafe<V[number]>(Type.Enum([...values], { type: 'string' }));

/** Stored text: no NUL and no lone surrogates, which PostgreSQL and UTF-8 cannot hold. */
export const Text = (limits: { minLength?: number; maxLength: number; description?: string }) =>
  Type.String({
    ...limits,
    pattern: '^(?:[^\\u0000\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])*$',
  });

/** A one-line text that shows something: a name, which hides nothing, or a title (visible.ts). */
export const Line = (maxLength: number, format: 'name' | 'title') =>
  Type.String({
    minLength: 1,
    maxLength,
    format,
    pattern:
      '^(?=.*\\S)(?:[^\\u0000-\\u001F\\u007F\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])*$',
  });

/** The public face of a user. */
export const Person = Closed({ id: Id, name: Type.String() });
export type Person = Static<typeof Person>;
