export { askRoutes } from './ask.routes.ts';
export { createAsk } from './ask.service.ts';
export type { ReadTexts } from './found.ts';
