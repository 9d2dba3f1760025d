import type { Feature } from '../../platform/feature.ts';
import { sampleRoutes } from './sample.routes.ts';
import type { Sample } from './sample.service.ts';

export { createSample, type Sample } from './sample.service.ts';

export const sampleFeature = (sample: Sample): Feature => ({ routes: sampleRoutes(sample) });
