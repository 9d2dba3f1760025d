import type { Feature } from '../../platform/feature.ts';
import { summariesRoutes } from './summaries.routes.ts';
import type { createSummaries } from './summaries.service.ts';

export type { Summarise } from './summarise.ts';
export { createSummaries } from './summaries.service.ts';

export const summariesFeature = (summaries: ReturnType<typeof createSummaries>): Feature => ({
  routes: summariesRoutes(summaries),
});
