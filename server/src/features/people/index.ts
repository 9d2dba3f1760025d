import { findPeople, getPerson, PEOPLE_MAX } from '@teambrain/contract/people.ts';
import type { Access } from '../../platform/access/access.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Feature } from '../../platform/feature.ts';
import { route, type Route } from '../../platform/http/route.ts';
import { findCard, listPeople } from './people.store.ts';

/** Whom one may know: people in the spaces one may read. */
const peopleRoutes = (db: Database, access: Access): Route[] => [
  route(findPeople, async ({ actor, query: { query = '', space, limit = PEOPLE_MAX } }) => {
    const visible = access.visible(actor, space === undefined ? undefined : [space]);
    return { items: await listPeople(db, visible, query.trim(), limit) };
  }),
  route(getPerson, async ({ actor, params }) => {
    const card = await findCard(db, access.visible(actor), params.userId);
    if (!card) throw problem('not-found');
    return card;
  }),
];

export const peopleFeature = (db: Database, access: Access): Feature => ({
  routes: peopleRoutes(db, access),
});
