import { ask as endpoint } from '@teambrain/contract/ask.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Ask } from './ask.service.ts';

export const askRoutes = (ask: Ask): Route[] => [
  route(endpoint, ({ actor, body, emit, signal }) => ask.ask(actor, body, { emit, signal })),
];
