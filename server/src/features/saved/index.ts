import type { Feature } from '../../platform/feature.ts';
import { savedRoutes } from './saved.routes.ts';
import type { SavedThings } from './saved.service.ts';

export { createSaved } from './saved.service.ts';

export const savedFeature = (saved: SavedThings): Feature => ({ routes: savedRoutes(saved) });
