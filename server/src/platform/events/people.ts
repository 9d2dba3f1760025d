import { sql, type SQL } from 'drizzle-orm';
import type { TSchema } from 'typebox';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import { Person } from '@teambrain/contract/id.ts';
import { events as declared } from '@teambrain/contract/log.ts';

/** Names of properties that lead from an event's data to a person: `['message', 'author']`. */
type Path = readonly string[];

/** Where a schema has people. */
function pathsIn(schema: TSchema): Path[] {
  if (schema === Person) return [[]];
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
  return { ...data, [key]: withoutName((data as Record<string, object>)[key] as object, rest) };
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
  const at = (key: string) => sql.raw(`'{${[...path, key].join(',')}}'`);
  return sql`jsonb_set(${data}, ${at('name')}, to_jsonb(coalesce((
    select person.name from users person where person.id = (${payload} #>> ${at('id')})::uuid), '')))`;
}
