import { summarise as endpoint } from '@teambrain/contract/summaries.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Summaries } from './summaries.service.ts';

export const summariesRoutes = (summaries: Summaries): Route[] => [
  route(endpoint, ({ space, body }) => summaries.summarise(space, body.target)),
];
