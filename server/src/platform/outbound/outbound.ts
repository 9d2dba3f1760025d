import { lookup as lookUpAll } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { isCallable, literalOf, placeOf } from './addresses.ts';
import { OutboundError, outboundFailureOf } from './outbound-error.ts';
import { capped, type Caps } from './caps.ts';

/** What an outgoing call is for; a label of metrics. */
export type Use = 'model' | 'preview';

/** Addresses of a host, as the system's resolver gives them. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

export interface OutboundOptions {
  /** Address of the proxy through which named hosts are called; null for none. */
  proxy: string | null;
  /** Another resolver than the system's (tests). */
  resolve?: Resolve;
}

export interface ClientOptions {
  use: Use;
  caps: Caps;
  /** `host:port` that the environment or an administrator named: it may be private, on any port. */
  named?: string | null;
}

export type OutboundClient = Awaited<ReturnType<Outbound['client']>>;
export type Outbound = ReturnType<typeof createOutbound>;

/** Ports of hosts that nobody named. */
const PORTS = new Set(['', '80', '443']);

/**
 * The one way out of this process. Each connection goes to an address that was checked in the same
 * look-up, so a name that answers differently the second time gains nothing; each redirect is checked
 * as the first address was. The HTTP client is loaded with the first client that is made.
 */
export function createOutbound({ proxy, resolve = systemResolve }: OutboundOptions) {
  const counts = new Map<string, number>();
  const count = (use: Use, outcome: string) => {
    const key = `${use} ${outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  return {
    /** Calls by use and outcome, e.g. `model answered`. */
    counts: counts as ReadonlyMap<string, number>,

    /** A client for one use. `close` cuts what is under way. */
    async client({ use, caps, named = null }: ClientOptions) {
      const { Agent, ProxyAgent, fetch: send } = await import('undici');
      // A connection is used again for 4 s at most, so that a host that is no longer named ends.
      const limits = { keepAliveTimeout: 4_000, headersTimeout: 0, bodyTimeout: 0 };
      const connectTo = (isNamed: boolean) =>
        new Agent({
          ...limits,
          connect: { lookup: pinned(resolve, isNamed), timeout: caps.headMs },
        });
      const toAnyone = connectTo(false);
      const toNamed = proxy === null ? connectTo(true) : new ProxyAgent({ ...limits, uri: proxy });

      /** One request, without following a redirect. */
      const sendOne = async (url: URL, init: RequestInit) => {
        const isNamed = placeOf(url) === named;
        requireCallable(url, isNamed);
        const dispatcher: Dispatcher = isNamed ? toNamed : toAnyone;
        const options = { ...init, redirect: 'manual', dispatcher } as Parameters<typeof send>[1];
        return (await send(url, options)) as unknown as Response;
      };

      return {
        /**
         * As `fetch`, within the caps of the use.
         * @throws OutboundError; the reason of an aborted signal
         */
        async fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
          try {
            const answer = await capped(caps, init.signal ?? null, (signal) =>
              follow(sendOne, parse(input), { ...init, signal }, caps.redirects),
            );
            count(use, 'answered');
            return answer;
          } catch (error) {
            count(use, outboundFailureOf(error) ?? 'cancelled');
            throw error;
          }
        },
        async close(): Promise<void> {
          await Promise.all([toAnyone.destroy(), toNamed.destroy()]);
        },
      };
    },
  };
}

const systemResolve: Resolve = (host) => lookUpAll(host, { all: true });

type SendOne = (url: URL, init: RequestInit) => Promise<Response>;

/** Follows at most so many redirects; what is sent again has no body and no header that is a secret. */
async function follow(
  send: SendOne,
  first: URL,
  init: RequestInit,
  redirects: number,
): Promise<Response> {
  let url = first;
  let options = init;
  for (let left = redirects; ; left -= 1) {
    const answer = await send(url, options);
    const target = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || target === null) return answer;
    await answer.body?.cancel();
    if (left === 0) throw new OutboundError('refused', 'The answer was a redirect too many');
    if (!URL.canParse(target, url.href))
      throw new OutboundError('refused', 'A redirect leads nowhere');
    url = new URL(target, url);
    options = { signal: init.signal ?? null, headers: { accept: '*/*' } };
  }
}

function parse(input: string | URL): URL {
  if (!URL.canParse(String(input))) throw new OutboundError('refused', 'The address is not a URL');
  return new URL(String(input));
}

/** Whether a URL may be called at all; what its name resolves to is looked at when connecting. */
function requireCallable(url: URL, isNamed: boolean): void {
  const { protocol, username, password, hostname, port } = url;
  const refuse = (why: string) => new OutboundError('refused', `${hostname} is not called: ${why}`);
  if (protocol !== 'http:' && protocol !== 'https:') throw refuse('only http and https are');
  if (username || password) throw refuse('the address holds a user name or password');
  if (!isNamed && !PORTS.has(port)) throw refuse('nobody named this port');
  const literal = literalOf(hostname);
  if (literal !== null && !isCallable(literal, isNamed)) throw refuse(NOT_PUBLIC);
}

const NOT_PUBLIC = 'it is in a private or reserved network';

/**
 * A look-up whose answer is what is connected to. All addresses of a name must be callable: one that
 * mixes public and private ones is refused whole.
 */
function pinned(resolve: Resolve, isNamed: boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        if (!first || !found.every(({ address }) => isCallable(address, isNamed))) {
          const error = new OutboundError('refused', `${host} is not called: ${NOT_PUBLIC}`);
          return done(error, []);
        }
        if (options.all) return done(null, found);
        done(null, first.address, first.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, []),
    );
  };
}
