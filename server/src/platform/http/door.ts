import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { limits as policies } from '@teambrain/contract/limit.ts';
import type { Access } from '../access/access.ts';
import type { Actor, Origin } from '../core/actor.ts';
import { problem } from '../core/problem.ts';
import type { Limits } from '../ports/limits.ts';
import { addressKey } from './address.ts';
import { guardCrossSite, refreshCookie } from './cookie.ts';
import { setDeadline } from './deadline.ts';
import { Serialised, TypedAnswer, type Route } from './route.ts';

/** What the door asks others. */
export interface DoorDependencies {
  access: Access;
  limits: Limits;
  /** The live session's actor behind a bearer token, or null. */
  authenticate(token: string): Promise<Actor | null>;
  /** Scheme and host under which browsers see this instance. */
  baseUrl: string | null;
  /** Refuse answers that break the contract instead of trimming them (tests). */
  isStrict: boolean;
}

const MAX_BODY = 65_536;

/**
 * Registers a route behind the door: rate limit, gate, validation, handler, answer by schema. This
 * is the only place where an endpoint's gate is read.
 */
export function addRoute(app: FastifyInstance, route: Route, deps: DoorDependencies): void {
  const { endpoint } = route;
  const send = answerWriter(endpoint, deps.isStrict);
  const handle = 'atOnce' in policies[endpoint.limit] ? inPlace(route, deps) : route.handle;
  app.route({
    method: endpoint.method,
    url: `/api${endpoint.path}`,
    bodyLimit: endpoint.maxBody ?? MAX_BODY,
    schema: schemaOf(endpoint),
    // Before the body is read: who is calling, and whether they may call now.
    onRequest: async (request, reply) => {
      setDeadline(request, reply);
      if (endpoint.cookie) guardCrossSite(request, deps.baseUrl);
      const actor = await identify(endpoint, request, deps);
      request.actor = actor;
      await limit(endpoint, request, reply, deps);
      if (endpoint.gate !== 'public' && !actor) throw problem('not-signed-in');
      if (endpoint.gate === 'admin' && !actor?.isAdministrator) throw problem('forbidden');
    },
    handler: async (request, reply) => {
      const context = await contextOf(endpoint, request, reply, deps);
      const answer = await handle(context as never, request);
      // Too late: the caller was told to come again.
      return reply.sent ? reply : send(reply, answer);
    },
  });
}

/** A public endpoint takes a stale token for none: logging out works with the cookie alone. */
async function identify(
  endpoint: Endpoint,
  request: FastifyRequest,
  deps: DoorDependencies,
): Promise<Actor | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const isPublic = endpoint.gate === 'public';
  const [scheme, token, ...rest] = header.split(' ');
  const isBearer = scheme?.toLowerCase() === 'bearer' && token && rest.length === 0;
  const actor = isBearer ? await deps.authenticate(token) : null;
  if (!actor && !isPublic) throw problem(isBearer ? 'session-ended' : 'not-signed-in');
  return actor;
}

async function limit(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DoorDependencies,
): Promise<void> {
  // Joining is counted per space too, so that one locked door does not shut the others.
  const which =
    endpoint.limit === 'join' ? `:${String((request.params as Params)['spaceId'])}` : '';
  const who = callerOf(endpoint, request);
  const key = `${endpoint.method} ${endpoint.path}|${who}${which.toLowerCase()}`;
  const state = await deps.limits.take(endpoint.limit, key);
  const policy = `"${endpoint.limit}"`;
  void reply.header('RateLimit-Policy', `${policy};q=${state.quota};w=${state.window}`);
  void reply.header('RateLimit', `${policy};r=${state.remaining};t=${state.resetSeconds}`);
  if (!state.isAllowed) throw problem('too-many-requests', { retryAfter: state.resetSeconds });
}

/** Before sign-in the address, whoever is signed in: a new account must not open a new bucket. */
function callerOf({ gate }: Endpoint, { actor, ip }: FastifyRequest): string {
  return actor && gate !== 'public' ? `user:${actor.userId}` : `address:${addressKey(ip)}`;
}

/** Handles only so many requests of one caller at a time, over all endpoints of the policy. */
function inPlace({ endpoint, handle }: Route, { limits }: DoorDependencies) {
  return async (context: never, request: FastifyRequest) => {
    const hold = await limits.enter(endpoint.limit, callerOf(endpoint, request));
    if (!hold.isAllowed) {
      const detail = 'Others of your requests are still being worked on';
      throw problem('too-many-requests', { detail, retryAfter: hold.resetSeconds });
    }
    try {
      return await handle(context);
    } finally {
      await hold.release();
    }
  };
}

type Params = Record<string, unknown>;

async function contextOf(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DoorDependencies,
) {
  const params = lowerCased(request.params as Record<string, string>);
  const { actor } = request;
  const { gate } = endpoint;
  const isSpaceGate = gate === 'read' || gate === 'write' || gate === 'manage';
  const space =
    actor && isSpaceGate
      ? await deps.access.space(actor, params['spaceId'] ?? '', gate)
      : undefined;
  return {
    actor,
    space,
    params,
    query: request.query,
    body: request.body,
    version: versionOf(endpoint, request.headers['if-match']),
    accepts: preferred(endpoint, request.headers.accept),
    origin: originOf(request),
    cookie: refreshCookie(request, reply, deps.baseUrl),
  };
}

/** UUIDs in paths are compared by text in caches and keys: one spelling. */
const lowerCased = (params: Record<string, string>) =>
  Object.fromEntries(Object.entries(params).map(([name, id]) => [name, id.toLowerCase()]));

export const originOf = (request: FastifyRequest): Origin => ({
  address: request.ip,
  device: (request.headers['user-agent'] ?? '').slice(0, 200),
  requestId: request.id,
});

/** `If-Match: "3"` (or a bare 3) → 3. */
function versionOf(endpoint: Endpoint, header: string | undefined): number | null {
  if (!endpoint.ifMatch) return null;
  if (header === undefined) {
    if (endpoint.ifMatch === 'required') throw problem('version-required');
    return null;
  }
  const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim());
  if (!match) {
    const detail = 'must be a version such as "3"';
    throw problem('invalid-request', { detail, errors: [{ pointer: '/header/if-match', detail }] });
  }
  return Number(match[1]);
}

function preferred(endpoint: Endpoint, accept: string | undefined): string {
  const wanted = endpoint.alsoProduces?.find((type) => accept?.toLowerCase().startsWith(type));
  return wanted ?? 'application/json';
}

function schemaOf(endpoint: Endpoint) {
  const { summary, tag, params, query, body } = endpoint;
  return {
    summary,
    tags: [tag],
    ...(Object.keys(params.properties).length > 0 ? { params } : {}),
    querystring: query ?? { type: 'object', properties: {}, additionalProperties: false },
    ...(body ? { body } : {}),
  };
}

/** Sends an answer that is held to the endpoint's schema: nothing undeclared leaves the server. */
function answerWriter(endpoint: Endpoint, isStrict: boolean) {
  const schema = endpoint.answer;
  const compiled = schema ? Compile(schema) : null;
  const status = endpoint.status ?? 200;
  return (reply: FastifyReply, answer: unknown) => {
    if (answer instanceof TypedAnswer) return reply.type(answer.type).send(answer.body);
    if (!schema || !compiled) return reply.status(204).send();
    let body = answer;
    if (answer instanceof Serialised) {
      const json = reply.status(status).type(JSON_TYPE);
      if (!isStrict) return json.send(answer.bytes);
      body = answer.read();
    }
    if (!compiled.Check(body)) {
      const [first] = compiled.Errors(body);
      const error = new Error(
        `${endpoint.method} ${endpoint.path} broke its contract: ${first?.instancePath} ${first?.message}`,
      );
      if (isStrict) throw error;
      reply.log.error({ err: error }, 'an answer broke its contract');
      body = Value.Clean(schema, structuredClone(body));
    }
    return reply.status(status).type(JSON_TYPE).send(JSON.stringify(body));
  };
}

const JSON_TYPE = 'application/json; charset=utf-8';
