export type { Summarise } from './summarise.ts';
export { summariesRoutes } from './summaries.routes.ts';
export { createSummaries } from './summaries.service.ts';
