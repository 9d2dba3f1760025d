export { countPassages } from './search.progress.store.ts';
export { createIndexer } from './search.index.ts';
export { searchRoutes } from './search.routes.ts';
export { createSearch, type Search } from './search.service.ts';
