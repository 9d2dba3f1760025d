import type { Feature } from '../../platform/feature.ts';
import { askRoutes } from './ask.routes.ts';
import type { createAsk } from './ask.service.ts';

export { createAsk } from './ask.service.ts';
export type { ReadTexts } from './found.ts';

export const askFeature = (ask: ReturnType<typeof createAsk>): Feature => ({
  routes: askRoutes(ask),
});
