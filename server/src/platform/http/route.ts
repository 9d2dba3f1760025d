import type { Readable } from 'node:stream';
import type {
  AnswerOf,
  BodyOf,
  Endpoint,
  EventsOf,
  ParamsOf,
  QueryOf,
} from '@teambrain/contract/endpoint.ts';
import type { Ability } from '@teambrain/contract/role.ts';
import type { Space } from '../access/access.ts';
import type { Actor, Origin } from '../core/actor.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import { pack, type Packing } from './compression.ts';

/** What an endpoint may do with a cookie. */
export interface Cookie {
  /** What the client sent, if anything. */
  value: string | null;
  set(value: string): void;
  clear(): void;
}

/** What the gate established: nobody in particular, a user, or a grant on the space in the path. */
type GateContext<G> = G extends Ability
  ? { actor: Actor; space: Space<G> }
  : G extends 'public'
    ? { actor: Actor | null }
    : { actor: Actor };

export type Context<E extends Endpoint> = GateContext<E['gate']> & {
  params: ParamsOf<E>;
  query: QueryOf<E>;
  body: BodyOf<E>;
  /** The version in If-Match; null where the client sent none and need not. */
  version: E extends { ifMatch: 'required' } ? number : number | null;
  /** The media type the client prefers among those the endpoint produces. */
  accepts: string;
  origin: Origin;
  /** With the refresh token. */
  cookie: Cookie;
  /** By which the accounts that signed in here before are known. */
  deviceCookie: Cookie;
  /** For what a page shows of files: with it a session reads them, and does nothing else. */
  fileCookie: Cookie;
  /** The file that is the body, where the endpoint takes one. */
  upload: Upload;
  /** Sends an event, held to its schema, to who asked for a stream; to others none. */
  emit: Emit<E>;
  /** Aborted when the caller has left, or was answered. */
  signal: AbortSignal;
  /** The Range header, where there is one. */
  range: string | undefined;
};

export type Emit<E> = <Name extends keyof EventsOf<E> & string>(
  name: Name,
  data: EventsOf<E>[Name],
) => Promise<void>;

/** A file on its way in. */
export interface Upload {
  /** As the client names it. */
  name: string;
  /** How many bytes the client says there are; null where it says nothing. */
  declared: number | null;
  bytes: Readable;
}

/** An answer in another media type than JSON. */
export class TypedAnswer {
  readonly type: string;
  readonly body: string;
  constructor(type: string, body: string) {
    this.type = type;
    this.body = body;
  }
}

/** Bytes that are read while they are sent; the reader's pace is the source's. */
export class StreamAnswer {
  readonly status: 200 | 206;
  readonly headers: Record<string, string>;
  readonly bytes: Readable;
  constructor(status: 200 | 206, headers: Record<string, string>, bytes: Readable) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }
}

/** An answer whose JSON is written already; `T` is what it says. Checked in tests, sent as it is. */
export class Serialised<T> {
  readonly text: string;
  private encoded: Buffer | undefined;
  private readonly packed: Partial<Record<Packing, MaybePromise<Buffer>>> = {};
  /** Whether nothing but events of its space changes it, so that it can be kept until the next one. */
  readonly isKeepable: boolean;
  constructor(text: string, isKeepable = true) {
    this.text = text;
    this.isKeepable = isKeepable;
  }
  /** As it goes over the wire; encoded once, however often it is sent. */
  get bytes(): Buffer {
    return (this.encoded ??= Buffer.from(this.text));
  }
  /** The same, compressed; once, too. */
  pack(packing: Packing): MaybePromise<Buffer> {
    return (this.packed[packing] ??= pack(this.bytes, packing).then(
      (bytes) => (this.packed[packing] = bytes),
    ));
  }
  read(): T {
    return JSON.parse(this.text) as T;
  }
}

export interface Route {
  endpoint: Endpoint;
  handle: (context: never) => MaybePromise<unknown>;
}

/** Binds an endpoint to one call of a service; types follow from the contract. */
export function route<E extends Endpoint>(
  endpoint: E,
  handle: (
    context: Context<E>,
  ) => MaybePromise<AnswerOf<E> | Serialised<AnswerOf<E>> | TypedAnswer | StreamAnswer>,
): Route {
  return { endpoint, handle };
}
