import * as contract from '@teambrain/contract/saved.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { SavedThings } from './saved.service.ts';

export const savedRoutes = (saved: SavedThings): Route[] => [
  route(contract.listSaved, ({ actor }) => saved.list(actor)),
  route(contract.putSaved, async ({ actor, body }) => {
    await saved.put(actor, body);
    return undefined;
  }),
];
