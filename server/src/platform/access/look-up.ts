import { inArray } from 'drizzle-orm';
import type { ContentSource, KnownSource, LookUp, SourceRef } from '../core/knowledge.ts';
import type { Database } from '../db/database.ts';
import { spaces } from '../db/schema.ts';

const keyOf = (ref: SourceRef) => `${ref.spaceId}/${ref.type}/${ref.id}`;

/** Looks sources up over all content features; the space's name comes with each. */
export function createLookUp(db: Database, content: readonly ContentSource[]): LookUp {
  return async (visible, refs) => {
    const wanted = new Set(refs.map(keyOf));
    const found = await Promise.all(
      content.map(({ type, describe }) => {
        const ids = refs.filter((ref) => ref.type === type).map(({ id }) => id);
        return describe(visible, [...new Set(ids)]);
      }),
    );
    const sources = found.flat().filter(({ ref }) => wanted.has(keyOf(ref)));
    const names = await namesOf(db, [...new Set(sources.map(({ ref }) => ref.spaceId))]);
    const known = new Map<string, KnownSource>();
    for (const { ref, kind, title, person, createdAt, version, text } of sources) {
      const space = names.get(ref.spaceId);
      if (!space) continue;
      const { name: spaceName, visibility: spaceVisibility } = space;
      const at = createdAt.toISOString();
      const card = { ...ref, spaceName, spaceVisibility, kind, title, author: person, at };
      known.set(keyOf(ref), { card, version, text });
    }
    return (ref) => known.get(keyOf(ref));
  };
}

async function namesOf(db: Database, ids: string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await db
    .select({ id: spaces.id, name: spaces.name, visibility: spaces.visibility })
    .from(spaces)
    .where(inArray(spaces.id, ids));
  return new Map(rows.map((row) => [row.id, row]));
}
