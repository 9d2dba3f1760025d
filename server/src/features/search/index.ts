import type { Follower } from '../../platform/events/follower.ts';
import type { Feature } from '../../platform/feature.ts';
import { searchRoutes } from './search.routes.ts';
import type { Search } from './search.service.ts';

export { countPassages } from './search.progress.store.ts';
export { createIndexer } from './search.index.ts';
export { createSearch, type Search } from './search.service.ts';

export const searchFeature = (search: Search, indexer: Follower): Feature => ({
  routes: searchRoutes(search),
  followers: [indexer],
});
