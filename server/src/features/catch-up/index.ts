import { catchUp } from '@teambrain/contract/catch-up.ts';
import type { Access } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Feature } from '../../platform/feature.ts';
import { route, type Route } from '../../platform/http/route.ts';
import { readNews } from './catch-up.store.ts';

/** What is new in the spaces one has joined: one statement over what chat and knowledge keep. */
const catchUpRoutes = (db: Database, access: Access): Route[] => [
  route(catchUp, ({ actor }) => readNews(db, access.visible(actor))),
];

export const catchUpFeature = (db: Database, access: Access): Feature => ({
  routes: catchUpRoutes(db, access),
});
