import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import type { Access, Space } from '../access/access.ts';
import type { Actor, Origin } from '../core/actor.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import { problem } from '../core/problem.ts';
import { FILE_NAME_HEADER } from '@teambrain/contract/files.ts';
import { bearerOf } from './bearer.ts';
import { cookieOf } from './cookie.ts';
import { EVENTS, EventStream } from './event-stream.ts';
import type { Cookie, Upload } from './route.ts';

/** Names are cut when they are kept; this is what is looked at. */
const MAX_NAME = 1_000;

interface ContextDependencies {
  access: Access;
  baseUrl: string | null;
  authenticate(token: string): MaybePromise<Actor | null>;
}

/** What a handler gets; with the grant on the space in its path, if it has one. */
export function contextOf(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ContextDependencies,
): MaybePromise<RequestContext> {
  const { gate } = endpoint;
  const { actor } = request;
  const context = new RequestContext(endpoint, request, reply, deps.baseUrl);
  const token = bearerOf(request.headers.authorization ?? '');
  if (endpoint.streams && token && wantsEvents(request)) {
    const isLive = async () => (await deps.authenticate(token)) !== null;
    request.events = new EventStream(endpoint, { request, reply, isLive });
  }
  if (!actor || (gate !== 'read' && gate !== 'write' && gate !== 'manage')) return context;
  return chain(deps.access.space(actor, context.params['spaceId'] ?? '', gate), (space) => {
    context.space = space;
    return context;
  });
}

/** `Context` of any endpoint; what few handlers ask for is made when they do. */
class RequestContext {
  readonly actor: Actor | null;
  space: Space | undefined;
  readonly params: Record<string, string>;
  readonly query: unknown;
  readonly body: unknown;
  private readonly endpoint: Endpoint;
  private readonly request: FastifyRequest;
  private readonly reply: FastifyReply;
  private readonly baseUrl: string | null;

  constructor(
    endpoint: Endpoint,
    request: FastifyRequest,
    reply: FastifyReply,
    baseUrl: string | null,
  ) {
    this.endpoint = endpoint;
    this.request = request;
    this.reply = reply;
    this.baseUrl = baseUrl;
    this.actor = request.actor;
    this.params = inLowerCase(request.params as Record<string, string>);
    this.query = request.query;
    this.body = request.body;
  }
  /** Read by the handler, thus after the gate: who may not come in learns nothing of versions. */
  get version(): number | null {
    return versionOf(this.endpoint, this.request.headers['if-match']);
  }
  get accepts(): string {
    return preferred(this.endpoint, this.request.headers.accept);
  }
  get origin(): Origin {
    return originOf(this.request);
  }
  get cookie(): Cookie {
    return cookieOf('refresh', this.request, this.reply, this.baseUrl);
  }
  get deviceCookie(): Cookie {
    return cookieOf('device', this.request, this.reply, this.baseUrl);
  }
  get fileCookie(): Cookie {
    return cookieOf('files', this.request, this.reply, this.baseUrl);
  }
  get upload(): Upload {
    return uploadOf(this.request);
  }
  /** Sends an event to who asked for them; to others none. */
  get emit(): (name: string, data: unknown) => Promise<void> {
    const { events } = this.request;
    return (name, data) => events?.emit(name, data) ?? Promise.resolve();
  }
  /** Aborted when the caller has left, or was answered. */
  get signal(): AbortSignal {
    const { raw } = this.reply;
    const leaving = new AbortController();
    const leave = () => leaving.abort(problem('busy'));
    if (raw.closed || raw.destroyed) leave();
    else raw.once('close', leave);
    return leaving.signal;
  }
  get range(): string | undefined {
    return this.request.headers.range;
  }
}

const wantsEvents = ({ headers: { accept } }: FastifyRequest) =>
  accept?.trimStart().toLowerCase().startsWith(EVENTS) ?? false;

/** UUIDs in paths are compared by text in caches and keys: one spelling, in the parameters themselves. */
function inLowerCase(params: Record<string, string>): Record<string, string> {
  for (const name in params) params[name] = params[name]?.toLowerCase() ?? '';
  return params;
}

const originOf = (request: FastifyRequest): Origin => ({
  address: request.address,
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

/** @throws invalid-request where the file has no name that can be read */
function uploadOf({ headers, body, raw }: FastifyRequest): Upload {
  const length = headers['content-length'];
  const declared = length === undefined ? null : Number(length);
  // Without a body there is an empty file.
  const bytes = body instanceof Readable ? body : raw;
  return { name: nameOf(headers[FILE_NAME_HEADER]), declared, bytes };
}

function nameOf(header: string | string[] | undefined): string {
  try {
    const name = typeof header === 'string' ? decodeURIComponent(header) : '';
    if (name.trim() && name.length <= MAX_NAME) return name;
  } catch {
    // Said below.
  }
  const detail = `must be the file's name, percent-encoded, at most ${MAX_NAME} characters`;
  const pointer = `/header/${FILE_NAME_HEADER}`;
  throw problem('invalid-request', { detail, errors: [{ pointer, detail }] });
}

function preferred(endpoint: Endpoint, accept: string | undefined): string {
  const wanted = endpoint.alsoProduces?.find((type) => accept?.toLowerCase().startsWith(type));
  return wanted ?? 'application/json';
}
