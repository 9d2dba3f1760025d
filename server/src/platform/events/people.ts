import { sql, type SQL } from 'drizzle-orm';
import type { TSchema } from 'typebox';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import { Person } from '@teambrain/contract/id.ts';
import { events as declared } from '@teambrain/contract/log.ts';

/**
 * Names of properties that lead from an event's data to a person: `['message', 'author']`; EACH at the
 * end of a path leads to every person of a list.
 */
type Path = readonly string[];
const EACH = '*';

/** Where a schema has people. */
function pathsIn(schema: TSchema): Path[] {
  if (schema === Person) return [[]];
  if ((schema as { items?: TSchema }).items === Person) return [[EACH]];
  const { properties = {} } = schema as { properties?: Record<string, TSchema> };
  return Object.entries(properties).flatMap(([key, inner]) =>
    pathsIn(inner).map((path) => [key, ...path]),
  );
}

/** Where each type of event that carries people has them. */
const peopleIn = new Map<string, Path[]>(
  declared
    .map(({ type, data }): [string, Path[]] => [type, pathsIn(data)])
    .filter(([, paths]) => paths.length > 0),
);

/**
 * An event's data as the log keeps it: people by their ids alone, so that a name somebody had before
 * is in no event.
 */
export function storedOf<E extends EventType>({ type }: E, data: DataOf<E>): object {
  return (peopleIn.get(type) ?? []).reduce<object>(withoutName, data as object);
}

function withoutName(data: object, [key, ...rest]: Path): object {
  if (key === undefined) return { id: (data as Person).id };
  if (key === EACH) return (data as Person[]).map(({ id }) => ({ id }));
  const inner = (data as Record<string, object | undefined>)[key];
  return inner === undefined ? data : { ...data, [key]: withoutName(inner, rest) };
}

/** The stored data of an event of some type as readers get it: people with the names they have now. */
export function dataOf(type: unknown, payload: unknown): SQL {
  const cases = [...peopleIn].map(([name, paths]) => {
    const named = paths.reduce<SQL>((data, path) => withName(data, payload, path), sql`${payload}`);
    return sql`when ${sql.raw(`'${name}'`)} then ${named}`;
  });
  return sql`case ${type} ${sql.join(cases, sql` `)} else ${payload} end`;
}

/** Of somebody who is not there any more the name is empty. */
function withName(data: SQL, payload: unknown, path: Path): SQL {
  if (path.at(-1) === EACH) return withNames(data, payload, path.slice(0, -1));
  const at = (key: string) => sql.raw(`'{${[...path, key].join(',')}}'`);
  return sql`jsonb_set(${data}, ${at('name')}, to_jsonb(coalesce((
    select person.name from users person where person.id = (${payload} #>> ${at('id')})::uuid), '')))`;
}

/** The same for a list of people; where the event has no list there is none. */
function withNames(data: SQL, payload: unknown, path: Path): SQL {
  const at = sql.raw(`'{${path.join(',')}}'`);
  return sql`jsonb_set(${data}, ${at}, coalesce((
    select jsonb_agg(jsonb_build_object('id', listed.one->'id', 'name', coalesce(person.name, '')) order by listed.n)
    from jsonb_array_elements(${payload} #> ${at}) with ordinality listed(one, n)
    left join users person on person.id = (listed.one->>'id')::uuid), '[]'), false)`;
}
