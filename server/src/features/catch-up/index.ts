import { catchUp } from '@teambrain/contract/catch-up.ts';
import type { Access } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { route, type Route } from '../../platform/http/route.ts';
import { readNews } from './catch-up.store.ts';

/** What is new in the spaces one has joined: one statement over what chat and knowledge keep. */
export const catchUpRoutes = (db: Database, access: Access): Route[] => [
  route(catchUp, ({ actor, query }) =>
    readNews(db, access.visible(actor), marksOf(query.seen ?? '')),
  ),
];

/** `spaceId:seq,…` as columns; of a space named twice the last counts. */
function marksOf(seen: string): { ids: string[]; seqs: number[] } {
  const marks = new Map<string, number>();
  for (const pair of seen.split(',').filter(Boolean)) {
    const colon = pair.indexOf(':');
    marks.set(pair.slice(0, colon).toLowerCase(), Number(pair.slice(colon + 1)));
  }
  return { ids: [...marks.keys()], seqs: [...marks.values()] };
}
