import { FILE_NAME_HEADER } from '@teambrain/contract/files.ts';
import { urlOf } from '@teambrain/contract/endpoint.ts';
import type {
  AnswerOf,
  BodyOf,
  Endpoint,
  EventsOf,
  ParamNames,
  ParamsOf,
  QueryOf,
} from '@teambrain/contract/endpoint.ts';
import { asProblem, ConnectionError, isProblem, ProblemError, ResponseError } from './errors.ts';
import type { StreamEvent } from './events.ts';

export { ConnectionError, isProblem, isTransient, ProblemError, ResponseError } from './errors.ts';

type PathOf<E> = E extends { path: infer P extends string } ? P : never;
type WithParams<E> = [ParamNames<PathOf<E>>] extends [never]
  ? { params?: never }
  : { params: ParamsOf<E> };
type WithBody<E> = [BodyOf<E>] extends [undefined] ? { body?: never } : { body: BodyOf<E> };
type WithBytes<E> = E extends { takesBytes: object } ? { file: FileBody } : { file?: never };
type WithQuery<E> = E extends { query: object }
  ? object extends QueryOf<E>
    ? { query?: QueryOf<E> }
    : { query: QueryOf<E> }
  : { query?: never };
type WithVersion<E> = E extends { ifMatch: 'required' }
  ? { version: number }
  : E extends { ifMatch: 'optional' }
    ? { version?: number }
    : { version?: never };

/** A file as the body of a request. */
export interface FileBody {
  name: string;
  bytes: Blob | Uint8Array<ArrayBuffer>;
}

/** What an endpoint takes; `version` is the one the change is based on (If-Match). */
export type InputOf<E> = WithParams<E> & WithBody<E> & WithQuery<E> & WithVersion<E> & WithBytes<E>;

export interface CallOptions<E = unknown> {
  /** Is given the events of an endpoint that streams, while they come; the answer is the last one. */
  onEvent?: ((event: EventOf<E>) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds until the call is given up with a `ConnectionError`; 30,000 unless given. */
  timeout?: number;
}

/** An event of an endpoint's stream, by name. */
export type EventOf<E> = {
  [Name in keyof EventsOf<E> & string]: { name: Name; data: EventsOf<E>[Name] };
}[keyof EventsOf<E> & string];

export interface CallerOptions {
  /** Where the instance is, e.g. `https://brain.example.org`; '' for the page's own origin. */
  baseUrl: string;
  fetch?: typeof fetch | undefined;
  accessToken?: () => string | null;
  /** Gets a new access token after a 401; whether there is one now. */
  refresh?: () => Promise<boolean>;
  headers?: Record<string, string>;
}

/**
 * Calls an endpoint. Rejects with `ProblemError` (the server refused), `ConnectionError` (no
 * answer), `ResponseError` (not TeamBrain's answer) or the reason of an aborted `signal`.
 */
export type Call = <E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  options?: CallOptions<E>,
) => Promise<AnswerOf<E>>;

interface Input {
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  version?: number;
  file?: FileBody;
}

/** Makes a typed `call(endpoint, input)` for one instance. */
export function createCaller(options: CallerOptions): Call {
  return async <E extends Endpoint>(
    endpoint: E,
    input: InputOf<E>,
    callOptions: CallOptions<E> = {},
  ) => {
    const answer = await withRefresh(options, endpoint, input, callOptions);
    return answer as AnswerOf<E>;
  };
}

async function withRefresh(
  options: CallerOptions,
  endpoint: Endpoint,
  input: Input,
  callOptions: CallOptions,
): Promise<unknown> {
  const token = tokenFor(options, endpoint);
  try {
    return await request(options, endpoint, input, token, callOptions);
  } catch (error) {
    const { refresh } = options;
    const isOver = isProblem(error, 'not-signed-in', 'session-ended') && error.status === 401;
    if (!isOver || !refresh || endpoint.gate === 'public') throw error;
    // Another call may have refreshed while this one was under way.
    const isNew = tokenFor(options, endpoint) !== token && tokenFor(options, endpoint) !== null;
    if (!isNew && !(await refresh())) throw error;
    return request(options, endpoint, input, tokenFor(options, endpoint), callOptions);
  }
}

/** Public endpoints go without: a token that has ended must not stand in the way of a log-in. */
function tokenFor(options: CallerOptions, endpoint: Endpoint): string | null {
  return endpoint.gate === 'public' ? null : (options.accessToken?.() ?? null);
}

async function request(
  options: CallerOptions,
  endpoint: Endpoint,
  input: Input,
  token: string | null,
  { signal, timeout = 30_000, onEvent }: CallOptions,
): Promise<unknown> {
  const url = addressOf(options.baseUrl, endpoint, input);
  const accept: Record<string, string> =
    onEvent && endpoint.streams ? { accept: 'text/event-stream' } : {};
  const init = requestOf(endpoint, input, token, { ...options.headers, ...accept });
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeout);
  signal?.addEventListener('abort', abort);
  try {
    const send = options.fetch ?? fetch;
    const response = await send(url, { ...init, signal: controller.signal });
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
    if (!isStream || !onEvent) return await read(endpoint, response);
    const { readEvents } = await import('./events.ts');
    return await readEvents(endpoint, response, onEvent as (event: StreamEvent) => void);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProblemError || error instanceof ResponseError) throw error;
    const what = controller.signal.aborted ? 'The server did not answer in time' : 'No connection';
    throw new ConnectionError(what, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** @returns the whole address of a call */
export function addressOf(
  baseUrl: string,
  endpoint: Endpoint,
  { params, query }: Pick<Input, 'params' | 'query'>,
): string {
  const path = urlOf(endpoint).replace(/:(\w+)/g, (_, name: string) => {
    const value = params?.[name] ?? '';
    // Dots are not escaped and would climb to another endpoint.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${endpoint.path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  const suffix = search.toString() && `?${search.toString()}`;
  return `${baseUrl.replace(/\/+$/, '')}${path}${suffix}`;
}

function requestOf(
  endpoint: Endpoint,
  { body, version, file }: Input,
  token: string | null,
  more: Record<string, string> = {},
): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...more };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  if (file) {
    headers['content-type'] = 'application/octet-stream';
    headers[FILE_NAME_HEADER] = encodeURIComponent(file.name);
    return { method: endpoint.method, headers, body: file.bytes };
  }
  // What the cookie authenticates must be JSON, which no foreign form can send (SECURITY J4).
  const sent = body === undefined && endpoint.cookie ? {} : body;
  if (sent === undefined) return { method: endpoint.method, headers };
  headers['content-type'] = 'application/json';
  return { method: endpoint.method, headers, body: JSON.stringify(sent) };
}

async function read(endpoint: Endpoint, response: Response): Promise<unknown> {
  const { status, headers } = response;
  const header = (name: string) => headers.get(name);
  return readAnswer(endpoint, { status, text: await response.text(), header });
}

/** An answer that has come whole. */
interface Answered {
  status: number;
  text: string;
  header(name: string): string | null;
}

/** What a success answers. @throws ProblemError, ResponseError */
export function readAnswer(endpoint: Endpoint, { status, text, header }: Answered): unknown {
  const retryAfter = secondsOf(header('retry-after'));
  const type = header('content-type') ?? 'no content type';
  if (status < 200 || status > 299) {
    const problem = asProblem(parse(text), status, retryAfter);
    if (problem) throw new ProblemError(problem);
  } else if (!endpoint.answer) {
    return undefined;
  } else if (isJson(type)) {
    const answer = parse(text);
    if (answer !== undefined) return answer;
  }
  const what = `${endpoint.method} ${urlOf(endpoint)} answered ${status} (${type})`;
  throw new ResponseError(`${what}, which is not TeamBrain’s answer`, status, retryAfter);
}

const isJson = (type: string) => /^application\/(?:[\w.+-]+\+)?json\b/i.test(type);

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
