import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { urlOf, type Endpoint } from '@teambrain/contract/endpoint.ts';
import { problems, type Problem } from '@teambrain/contract/problem.ts';

/** An answer as it came over the wire. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request as it goes over the wire: nothing is encoded, completed or refused on the way. */
export interface Sent {
  method: string;
  /** Path and query, exactly as sent. */
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** What a call of an endpoint takes, without the types that would forbid a hostile one. */
export interface Input {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  version?: number | string;
  headers?: OutgoingHttpHeaders;
}

export type Send = (sent: Sent) => Promise<Reply>;

/**
 * Sends raw requests to one app over kept-alive connections.
 * @param localAddress the loopback address to come from, e.g. 127.0.0.9
 */
export function createSender(url: string, localAddress = '127.0.0.1'): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, localAddress });
  return ({ method, path, headers = {}, body }) =>
    new Promise<Reply>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sending = request(
        { hostname, port, method, path, agent, headers: { ...length, ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          const done = () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          };
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          // A server may refuse a large body and hang up before it was read: the answer counts.
          response.on('end', done).on('error', done);
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
}

/** Sends bytes over a bare connection and gives what came back until it closed. */
export function sendBytes(url: string, bytes: string | Buffer, timeout = 2_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let text = '';
    const done = () => resolve(text);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', done).on('error', done);
    socket.setTimeout(timeout, () => socket.destroy());
  });
}

/** The raw request of a call; `token` null sends no Authorization. */
export function requestOf(endpoint: Endpoint, input: Input, token: string | null): Sent {
  const { params = {}, query, body, version, headers } = input;
  const path = urlOf(endpoint).replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = query ? `?${queryString(query)}` : '';
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return {
    method: endpoint.method,
    path: `${path}${search}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  };
}

function queryString(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, plain(one)] as const),
  );
  return pairs.map((pair) => pair.map(escapeLoosely).join('=')).join('&');
}

const plain = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** As `encodeURIComponent`, with a replacement for what cannot be encoded. */
const escapeLoosely = (text: string) => encodeURIComponent(Buffer.from(text).toString());

/** The status of a success, the problem's code of a refusal. */
export function outcomeOf({ status, text }: Reply): string {
  if (status < 400) return String(status);
  const { code } = JSON.parse(text) as Partial<Problem>;
  const isRight = code !== undefined && code in problems && problems[code][0] === status;
  return isRight ? code : `${status} with ${code}`;
}

export const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

/** Runs tasks with at most `width` under way. */
export async function inParallel<T>(
  items: readonly T[],
  task: (item: T) => Promise<void>,
  width = 6,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
