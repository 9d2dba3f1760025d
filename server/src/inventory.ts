import { endpoints } from '@teambrain/contract/all.ts';
import { urlOf } from '@teambrain/contract/endpoint.ts';
import { allTypes } from '@teambrain/contract/kinds.ts';
import type { ContentSource } from './platform/core/knowledge.ts';
import type { Route } from './platform/http/route.ts';

/** A type of content without a source would be neither found nor shown. */
export function requireEverySource(sources: readonly ContentSource[]): void {
  const types = sources.map(({ type }) => type);
  const wrong = allTypes.filter((type) => types.filter((one) => one === type).length !== 1);
  if (wrong.length > 0) throw new Error(`Not given by exactly one source: ${wrong.join(', ')}`);
}

/** The route inventory: an endpoint without a route, or a route without an endpoint, stops the start. */
export function requireEveryEndpoint(routes: readonly Route[]): void {
  const bound = routes.map(({ endpoint }) => endpoint);
  const missing = endpoints.filter((endpoint) => bound.filter((e) => e === endpoint).length !== 1);
  const foreign = bound.filter((endpoint) => !endpoints.includes(endpoint));
  const wrong = [...missing, ...foreign].map((one) => `${one.method} ${urlOf(one)}`);
  if (wrong.length > 0) throw new Error(`Not bound to exactly one route: ${wrong.join(', ')}`);
}
