export { summariesRoutes } from './summaries.routes.ts';
export { createSummaries } from './summaries.service.ts';
