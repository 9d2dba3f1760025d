import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { Id } from './id.ts';
import type { LimitName } from './limit.ts';
import type { ProblemCode } from './problem.ts';
import type { Ability, Gate } from './role.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An endpoint's path on the server, with its parameters' names. */
export const urlOf = ({ path, isOutsideApi }: Pick<Endpoint, 'path' | 'isOutsideApi'>): string =>
  isOutsideApi ? path : `/api${path}`;

/** The names after colons in a path, e.g. 'spaceId' | 'messageId'. */
export type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** A space gate must carry `:spaceId` in its path; anything else is a type error. */
type RouteFor<R extends string, G extends Gate> = G extends Ability
  ? R extends `${string}/:spaceId${'' | `/${string}`}`
    ? R
    : never
  : R;

export interface EndpointSpec {
  summary: string;
  /** Rate-limit policy (contract/limit.ts). */
  limit: LimitName;
  query?: TObject;
  body?: TSchema;
  /** What a success answers; absent = 204 without a body. */
  answer?: TSchema;
  /** Status of a success; 200 unless given, 204 without an answer. */
  status?: 200 | 201;
  /** Whether the change names the version it is based on, in If-Match. */
  ifMatch?: 'required' | 'optional';
  /** Authenticated by the refresh cookie: guarded against cross-site requests. */
  cookie?: boolean;
  /** Other media types a success can take. */
  alsoProduces?: readonly string[];
  /** Largest body in bytes; 64 KiB unless given. */
  maxBody?: number;
  /** The body is a file: bytes of any type, at most so many, within so many seconds. */
  takesBytes?: { max: number; seconds: number };
  /** A success answers the bytes of a file, or a part of them. */
  givesBytes?: boolean;
  /** Its path is not below `/api`. */
  isOutsideApi?: boolean;
  /** The cookie for files is accepted in place of a bearer token: pictures on a page send no header. */
  fileCookie?: boolean;
  /**
   * Who accepts `text/event-stream` gets a success as server-sent events: these by name, while they
   * come, then `done` with the answer, or `problem` with a problem document.
   */
  streams?: Readonly<Record<string, TSchema>>;
  /** Seconds within which a request is answered; 4.4 unless given. */
  seconds?: number;
  /** Problems beyond those every endpoint of the gate can answer. */
  problems?: readonly ProblemCode[];
}

export type Endpoint<
  P extends string = string,
  G extends Gate = Gate,
  S extends EndpointSpec = EndpointSpec,
> = { method: Method; path: P; gate: G; params: TObject; tag: string } & S;

/**
 * Declares an endpoint as data: `endpoint('POST /spaces/:spaceId/messages', 'write', {…})`.
 * Server, SDK, OpenAPI and the authorization matrix are all made from it.
 */
export function endpoint<
  const P extends string,
  const G extends Gate,
  const S extends EndpointSpec,
>(route: RouteFor<`${Method} ${P}`, G>, gate: G, spec: S): Endpoint<P, G, S> {
  const [method, path] = (route as string).split(' ') as [Method, P];
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] as string);
  const params = Type.Object(Object.fromEntries(names.map((name) => [name, Id])), {
    additionalProperties: false,
  });
  return { method, path, gate, params, tag: tagOf(path), ...spec };
}

function tagOf(path: string): string {
  const [, first = '', , third] = path.split('/');
  return first === 'spaces' && third ? third : first;
}

type SchemaOf<S, K extends string> = S extends Record<K, infer V extends TSchema> ? V : never;

/** Body of an endpoint as the server sees it, `undefined` where there is none. */
export type BodyOf<E> = [SchemaOf<E, 'body'>] extends [never]
  ? undefined
  : Static<SchemaOf<E, 'body'>>;
/** The events an endpoint streams before its answer, by name. */
export type EventsOf<E> = E extends { streams: infer S extends Record<string, TSchema> }
  ? { [Name in keyof S]: Static<S[Name]> }
  : Record<never, never>;
export type QueryOf<E> = [SchemaOf<E, 'query'>] extends [never]
  ? Record<string, never>
  : Static<SchemaOf<E, 'query'>>;
export type AnswerOf<E> = [SchemaOf<E, 'answer'>] extends [never]
  ? undefined
  : Static<SchemaOf<E, 'answer'>>;
export type ParamsOf<E> = E extends { path: infer P extends string }
  ? { [Name in ParamNames<P>]: string }
  : never;
