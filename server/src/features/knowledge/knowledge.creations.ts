import type * as contract from '@teambrain/contract/knowledge.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Space } from '../../platform/access/access.ts';
import { hashOf } from '../../platform/core/id.ts';
import { linkRowsOf } from '../../platform/links/links.store.ts';
import type { Appender } from '../../platform/events/append.ts';
import { merge } from './knowledge.content.ts';
import { entryCreations } from './knowledge.creations.store.ts';

/** Other times than now, for imports: of the events, and as the entry's own source dates it. */
export interface Times {
  at?: Date;
  created?: Date | null;
  updated?: Date | null;
}

/** Creates entries: those that wait for the database go together, as messages do. */
export function createCreation(append: Appender) {
  const creations = append(entryCreations);

  /** @returns the new entry; null where the same creation has made one before. @throws id-taken */
  return async function create(
    space: Space<'write'>,
    body: BodyOf<typeof contract.createEntry> & { id: string },
    { at, created, updated }: Times,
  ): Promise<contract.Entry | null> {
    const { id, kind, parentId = null, ...rest } = body;
    const content = merge(kind, { title: '', status: null, markdown: '', decision: null }, rest);
    const { title, status, markdown, decision } = content;
    const author = { id: space.actor.userId, name: space.actor.name };
    const { data, isNew } = await creations.one({
      space,
      id,
      requestHash: hashOf([kind, parentId, content]),
      at,
      beside: { markdown, decision, links: linkRowsOf(markdown) ?? [] },
      data: (place) => {
        const createdAt = created ?? updated ?? place.createdAt;
        const updatedAt = updated ?? createdAt;
        const entry = {
          id,
          spaceId: space.id,
          kind,
          title,
          status,
          version: 1,
          parentId,
          author,
          createdAt: createdAt.toISOString(),
          updatedBy: author,
          updatedAt: updatedAt.toISOString(),
        };
        return { entry };
      },
    });
    return isNew ? { ...data.entry, markdown, decision } : null;
  };
}
