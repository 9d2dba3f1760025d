import { search as endpoint } from '@teambrain/contract/search.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Search } from './search.service.ts';

export const searchRoutes = (search: Search): Route[] => [
  route(endpoint, ({ actor, query }) => search.search(actor, query)),
];
