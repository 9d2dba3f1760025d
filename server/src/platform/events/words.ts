import type { EventType } from '@teambrain/contract/event.ts';
import { events } from '@teambrain/contract/log.ts';

const declared: readonly EventType[] = events;

/** As PostgreSQL writes a path into JSON: `{message,text}`. */
const pathOf = (words: string) => `'{${words.split('.').join(',')}}'`;

/**
 * SQL of an event's payload without the words that its type declares; over columns `type` and
 * `payload`. Empty strings and lists are in their place.
 * @param kept SQL of a text that may stay, because it is the present one too
 */
export function withoutWords(kept: string): string {
  const cases = declared
    .filter(({ words }) => words.length > 0)
    .map(({ type, words }) => {
      const emptied = words.map(pathOf).reduce(
        (payload, path) => `jsonb_set(${payload}, ${path}, case
          when payload #>> ${path} = ${kept} then payload #> ${path}
          when payload #>> ${path} is null then 'null'::jsonb
          when jsonb_typeof(payload #> ${path}) = 'array' then '[]'::jsonb
          else '""'::jsonb end, false)`,
        'payload',
      );
      return `when '${type}' then ${emptied}`;
    });
  return `case type ${cases.join(' ')} else payload end`;
}

const typesThatDelete = declared.filter(({ deletes }) => deletes).map(({ type }) => `'${type}'`);
const places = declared.flatMap(({ type, words }) =>
  words.map((word) => `('${type}', ${pathOf(word)})`),
);

/**
 * SQL that gives one row `what` for each word in an event that a later event about the same thing
 * changed or took away.
 */
export const FORMER_WORDS = `with places(type, path) as (values ${places.join(', ')}),
  words as (
    select e.space_id, e.seq, e.subject_id, p.path, e.payload #>> p.path::text[] as word
    from events e join places p on p.type = e.type)
  select 'space ' || w.space_id || ' seq ' || w.seq || ': ' || w.path as what from words w
  where w.word not in ('', '[]') and exists (
    select from events l left join places p on p.type = l.type and p.path = w.path
    where l.space_id = w.space_id and l.subject_id = w.subject_id and l.seq > w.seq
      and (l.type in (${typesThatDelete.join(', ')}) or l.payload #>> p.path::text[] <> w.word))`;
