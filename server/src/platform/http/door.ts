import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { urlOf, type Endpoint } from '@teambrain/contract/endpoint.ts';
import { limits as policies } from '@teambrain/contract/limit.ts';
import type { Access } from '../access/access.ts';
import type { Actor } from '../core/actor.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import { problem, type ProblemError } from '../core/problem.ts';
import type { Limits, LimitState } from '../ports/limits.ts';
import { addressKey } from './address.ts';
import { answerWriter } from './answer.ts';
import { bearerOf } from './bearer.ts';
import { cookieOf, guardCrossSite } from './cookie.ts';
import { contextOf } from './request-context.ts';
import { logFailure, toProblem } from './problem-response.ts';
import type { Route } from './route.ts';

/** What the door asks others. */
export interface DoorDependencies {
  access: Access;
  limits: Limits;
  /** The live session's actor behind a bearer token, or null. */
  authenticate(token: string): MaybePromise<Actor | null>;
  /** The live session's actor behind a cookie for files, or null. */
  authenticateFiles(cookie: string): MaybePromise<Actor | null>;
  /** Scheme and host under which browsers see this instance. */
  baseUrl: string | null;
  /** Refuse answers that break the contract instead of trimming them (tests). */
  isStrict: boolean;
  /** Answers to reads are made in turns, so that their number in memory is bounded. */
  makeInTurn(request: FastifyRequest, reply: FastifyReply, make: () => MaybePromise<void>): void;
}

type AnswerWriter = ReturnType<typeof answerWriter>;

const MAX_BODY = 65_536;

/**
 * Registers a route behind the door: rate limit, gate, validation, handler, answer by schema. This
 * is the only place where an endpoint's gate is read.
 */
export function addRoute(app: FastifyInstance, route: Route, deps: DoorDependencies): void {
  const { endpoint } = route;
  const send = answerWriter(endpoint, deps.isStrict);
  const handle = 'atOnce' in policies[endpoint.limit] ? inPlace(route, deps) : route.handle;
  const add = (to: FastifyInstance) =>
    to.route({
      method: endpoint.method,
      url: urlOf(endpoint),
      bodyLimit: endpoint.takesBytes?.max ?? endpoint.maxBody ?? MAX_BODY,
      schema: schemaOf(endpoint),
      config: timeOf(endpoint),
      // Before the body is read: who is calling, and whether they may call now.
      onRequest(request, reply, next) {
        const entering = enter(route, request, reply, deps);
        if (entering instanceof Promise) entering.then(() => next(), next);
        else next();
      },
      handler: (request, reply) => {
        const make = () =>
          answerWith(send, request, reply, () =>
            chain(contextOf(endpoint, request, reply, deps), (context) =>
              handle(context as never, request),
            ),
          );
        if (endpoint.limit === 'read') deps.makeInTurn(request, reply, make);
        else void make();
      },
    });
  if (endpoint.takesBytes) void app.register(withBytes(add));
  else add(app);
}

/** How long an answer may take, where that is not the time of most. */
function timeOf({ takesBytes, seconds = takesBytes?.seconds }: Endpoint): { answerMs?: number } {
  return seconds === undefined ? {} : { answerMs: seconds * 1_000 };
}

/** A body of any type is given to the handler as it comes; nothing of it is read before the gate. */
const withBytes =
  (add: (scope: FastifyInstance) => void) =>
  (scope: FastifyInstance, _: unknown, done: () => void) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, next) => next(null, payload));
    add(scope);
    done();
  };

/** Makes an answer and sends it; open as long as it is in memory here. Never fails. */
function answerWith(
  send: AnswerWriter,
  request: FastifyRequest,
  reply: FastifyReply,
  make: () => MaybePromise<unknown>,
): MaybePromise<void> {
  const sendOne = (value: unknown) => sendNow(send, request, reply, value);
  try {
    const answer = make();
    if (!(answer instanceof Promise)) return leaveTogether(() => sendOne(answer));
    const left = (value: unknown) =>
      new Promise<void>((resolve) => leaveTogether(() => resolve(sendOne(value))));
    return answer.then(left).catch((error: unknown) => fail(reply, error));
  } catch (error) {
    fail(reply, error);
  }
}

/** The answers of this turn of the event loop. */
let leaving: (() => MaybePromise<void>)[] = [];

/**
 * Answers leave at the end of the event loop's turn, all those of a turn together: a balancer on this
 * machine is then woken once, and not for each. A third of a read's cost was waking up its reader.
 */
function leaveTogether(sendOne: () => MaybePromise<void>): void {
  if (leaving.push(sendOne) === 1) setImmediate(sendAll);
}

function sendAll(): void {
  const sends = leaving;
  leaving = [];
  for (const sendOne of sends) void sendOne();
}

/** Never throws: one answer that cannot be sent holds up no other. */
function sendNow(
  send: AnswerWriter,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
): MaybePromise<void> {
  // Too late: the caller was told to come again.
  if (reply.sent && !request.events) return;
  try {
    const sending = send(request, reply, answer);
    return sending instanceof Promise
      ? sending.catch((error: unknown) => fail(reply, error))
      : sending;
  } catch (error) {
    fail(reply, error);
  }
}

function fail(reply: FastifyReply, error: unknown): void {
  const { request } = reply;
  if (request.events?.fail(toProblem(error))) return logFailure(request, error);
  if (!reply.sent) reply.send(error);
}

/** Who is calling, and whether they may: everything but the space itself. */
function enter(
  { endpoint }: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DoorDependencies,
): MaybePromise<void> {
  if (endpoint.cookie) guardCrossSite(request, deps.baseUrl);
  return chain(identify(endpoint, request, reply, deps), (actor) => {
    request.actor = actor;
    return chain(count(endpoint, request, deps), (state) => {
      showLimit(endpoint, reply, state);
      if (!state.isAllowed) throw tooMany(state);
      if (endpoint.gate !== 'public' && !actor) throw problem('not-signed-in');
      if (endpoint.gate === 'admin' && !actor?.isAdministrator) throw problem('forbidden');
    });
  });
}

/** A public endpoint takes a stale token for none: logging out works with the cookie alone. */
function identify(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DoorDependencies,
): MaybePromise<Actor | null> {
  const header = request.headers.authorization;
  if (header === undefined && endpoint.fileCookie) return identifyReader(request, reply, deps);
  if (header === undefined) return null;
  const token = bearerOf(header);
  return chain(token ? deps.authenticate(token) : null, (actor) => {
    if (!actor && endpoint.gate !== 'public') {
      throw problem(token ? 'session-ended' : 'not-signed-in');
    }
    return actor;
  });
}

/** A page of this site shows a picture, or somebody opens a file by its address. */
function identifyReader(
  request: FastifyRequest,
  reply: FastifyReply,
  { baseUrl, authenticateFiles }: DoorDependencies,
): MaybePromise<Actor | null> {
  const { value } = cookieOf('files', request, reply, baseUrl);
  if (value === null) return null;
  const site = request.headers['sec-fetch-site'] ?? 'none';
  if (site !== 'same-origin' && site !== 'none') throw problem('cross-site');
  return chain(authenticateFiles(value), (actor) => {
    if (!actor) throw problem('session-ended');
    return actor;
  });
}

function count(
  endpoint: Endpoint,
  request: FastifyRequest,
  { limits }: DoorDependencies,
): MaybePromise<LimitState> {
  // Joining is counted per space too, so that one locked door does not shut the others.
  const which =
    endpoint.limit === 'join' ? `:${String((request.params as Params)['spaceId'])}` : '';
  const who = callerOf(endpoint, request);
  return limits.take(endpoint.limit, bucketOf(endpoint, `${who}${which.toLowerCase()}`));
}

/** What an endpoint's uses are counted under. */
const bucketOf = ({ method, path }: Endpoint, who: string) => `${method} ${path}|${who}`;

/** Counts a use of an endpoint by another way than a request; gives the seconds to wait, 0 for none. */
export const countUse = (limits: Limits, endpoint: Endpoint, actor: Actor): MaybePromise<number> =>
  chain(
    limits.take(endpoint.limit, bucketOf(endpoint, `user:${actor.userId}`)),
    ({ isAllowed, resetSeconds }) => (isAllowed ? 0 : resetSeconds),
  );

/** Says which of a policy's windows is full: a burst is over in seconds, a minute's quota is not. */
function tooMany({ quota, window, resetSeconds }: LimitState): ProblemError {
  const detail = `More than ${quota} requests in ${window} seconds`;
  return problem('too-many-requests', {
    detail,
    limit: { quota, window },
    retryAfter: resetSeconds,
  });
}

function showLimit({ limit }: Endpoint, reply: FastifyReply, state: LimitState): void {
  const policy = `"${limit}"`;
  void reply.header('ratelimit-policy', `${policy};q=${state.quota};w=${state.window}`);
  void reply.header('ratelimit', `${policy};r=${state.remaining};t=${state.resetSeconds}`);
}

/** Before sign-in the address, whoever is signed in: a new account must not open a new bucket. */
function callerOf({ gate }: Endpoint, { actor, address }: FastifyRequest): string {
  return actor && gate !== 'public' ? `user:${actor.userId}` : `address:${addressKey(address)}`;
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
