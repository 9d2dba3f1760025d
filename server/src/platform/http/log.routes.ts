import { listEvents } from '@teambrain/contract/log.ts';
import type { Database } from '../db/database.ts';
import { readLog } from '../events/replay.ts';
import { route, type Route } from './route.ts';

/** The space's log over HTTP, for clients without a socket. */
export const logRoutes = (db: Database): Route[] => [
  route(listEvents, ({ space, query }) =>
    readLog(db, space, Number(query.after ?? 0), query.limit ?? 100),
  ),
];
