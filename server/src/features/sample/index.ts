export { sampleRoutes } from './sample.routes.ts';
export { createSample, type Sample } from './sample.service.ts';
