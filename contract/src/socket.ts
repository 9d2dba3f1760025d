import Type, { type Static } from 'typebox';
import { Closed, Id, OneOf, Person, Seq } from './id.ts';
import { limits } from './limit.ts';
import { SpaceEvent } from './log.ts';
import { PAGE_LIMIT } from './page.ts';
import { Problem } from './problem.ts';
import { ReadMark } from './unread.ts';

/** Numbers both ends of `/api/realtime` keep to; sizes in bytes, times in milliseconds. */
export const socketLimits = {
  protocol: 1,
  /** Who has not said hello by then is closed, and gone within 5 s. */
  helloWithin: 4_500,
  heartbeat: 15_000,
  maxFrame: 65_536,
  framesPerSecond: 20,
  subscriptions: 200,
  /** Over all instances; one more closes the oldest. */
  socketsPerUser: limits.socket.atOnce,
  /** Unsent bytes per socket before it is fed by its own cursor. */
  maxBuffered: 1_048_576,
  /** A longer backlog is answered with a reset. */
  maxReplay: 1_000,
} as const;

export const closeCodes = {
  unauthenticated: 4401,
  forbidden: 4403,
  slow: 4408,
  /** This person opened more sockets than they may have, and this was the oldest. */
  displaced: 4409,
  limits: 4429,
  restart: 1012,
} as const;

const Token = Type.String({ maxLength: 4096 });
const SpaceCursor = { space: Id, after: Seq };

/** What a client may send. Facts are written over HTTP only. */
export const ClientFrame = Type.Union([
  Closed({
    frame: Type.Literal('hello'),
    token: Token,
    protocol: Type.Integer(),
    epoch: Type.Optional(Id),
    spaces: Type.Array(Closed({ id: Id, after: Seq }), { maxItems: socketLimits.subscriptions }),
  }),
  Closed({ frame: Type.Literal('subscribe'), ...SpaceCursor }),
  Closed({ frame: Type.Literal('unsubscribe'), space: Id }),
  Closed({
    frame: Type.Literal('fetch'),
    ...SpaceCursor,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_LIMIT })),
  }),
  /** `thread` where it is a reply that is typed. */
  Closed({ frame: Type.Literal('typing'), space: Id, thread: Type.Optional(Id) }),
  Closed({ frame: Type.Literal('renew'), token: Token }),
]);
export type ClientFrame = Static<typeof ClientFrame>;

export const ServerFrame = Type.Union([
  Closed({
    frame: Type.Literal('welcome'),
    connectionId: Id,
    epoch: Id,
    heartbeat: Type.Integer(),
    limits: Closed({ maxFrame: Type.Integer(), subscriptions: Type.Integer() }),
  }),
  Closed({ frame: Type.Literal('event'), event: SpaceEvent }),
  Closed({
    frame: Type.Literal('events'),
    space: Id,
    events: Type.Array(SpaceEvent),
    head: Seq,
  }),
  Closed({
    frame: Type.Literal('reset'),
    space: Id,
    reason: OneOf('epoch', 'too-old', 'rights'),
    seq: Seq,
  }),
  Closed({ frame: Type.Literal('beat'), heads: Type.Record(Type.String(), Seq) }),
  /** Spaces one has joined in which something happened, or was read, that this socket was not told of. */
  Closed({ frame: Type.Literal('heads'), heads: Type.Record(Type.String(), Seq) }),
  /** How far this person has read, as another of their windows said. */
  Closed({ frame: Type.Literal('read-mark'), mark: ReadMark }),
  /** Something that only this person sees was changed, maybe by another window: read it again. */
  Closed({ frame: Type.Literal('own'), what: OneOf('saved', 'threads', 'follows', 'drafts') }),
  Closed({
    frame: Type.Literal('typing'),
    space: Id,
    thread: Type.Optional(Id),
    user: Person,
  }),
  Closed({
    frame: Type.Literal('removed'),
    space: Id,
    reason: OneOf('left', 'removed', 'locked', 'deleted', 'not-found'),
  }),
  Closed({ frame: Type.Literal('renewed'), expiresIn: Type.Integer() }),
  Closed({ frame: Type.Literal('problem'), problem: Problem, space: Type.Optional(Id) }),
]);
export type ServerFrame = Static<typeof ServerFrame>;
