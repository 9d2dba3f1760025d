import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { addressKey } from '../http/address.ts';
import type { Origins } from '../http/proxies.ts';
import type { Writable } from './outgoing.ts';
import { Shares, type Holder } from './shares.ts';

/** Connections of HTTP, of one address and of all; WebSockets are not among them. */
const CONNECTIONS = { each: 512, all: 4_096 };
/** Requests whose body has not come yet. */
const BODIES = { each: 64, all: 512 };
/** Requests that may be asked ahead on a connection. */
const MAX_AHEAD = 16;

/** One connection of HTTP and the request it is at. */
class Line implements Holder, Writable {
  readonly socket: Socket;
  owner: string;
  isPatient = false;
  since = performance.now();
  private request: IncomingMessage | null = null;
  private response: ServerResponse | null = null;
  /** What begins with the requests that were asked ahead. */
  private readonly ahead: (() => void)[] = [];

  constructor(socket: Socket, owner: string) {
    this.socket = socket;
    this.owner = owner;
  }

  /** Whether no answer is under way. */
  private get isFree(): boolean {
    return !this.response || this.response.writableFinished || this.response.destroyed;
  }

  /** Nothing was asked yet, or all of it was answered, or the question is not complete. */
  isWaiting(): boolean {
    return this.isFree || !this.request?.complete;
  }

  cut(): void {
    this.socket.destroy();
  }

  /** Begins with a request once those before it are answered and their answers have left. */
  inTurn(request: IncomingMessage, response: ServerResponse, begin: () => void): void {
    const start = () => {
      this.since = performance.now();
      this.request = request;
      this.response = response;
      begin();
    };
    if (this.isFree && this.ahead.length === 0) return start();
    if (this.ahead.length >= MAX_AHEAD) return this.cut();
    if (this.ahead.push(start) === 1) this.response?.once('close', () => this.next());
  }

  private next(): void {
    // What was asked ahead by who has left is not worked out: its answers would lie in memory unsent.
    if (this.socket.destroyed) this.ahead.length = 0;
    this.ahead.shift()?.();
    if (this.ahead.length > 0) this.response?.once('close', () => this.next());
  }
}

/**
 * Gives each address its share of connections: one that opens many, sends half of a request or of a
 * body, or nothing at all, makes room for others and for itself. Answers of a connection are worked
 * out one after the other: asked ahead (pipelining), all of them would wait in memory for someone who
 * perhaps reads none.
 */
export class Connections {
  /** Those open now, whatever they do; a WebSocket's stays until it is closed. */
  readonly lines = new Map<Socket, Line>();
  private readonly origins: Origins;
  private readonly shares: Shares;
  private readonly bodies: Shares;

  /** @param options.factor multiplies the shares */
  constructor({ origins, factor }: { origins: Origins; factor: number }) {
    const open = ({ each, all }: typeof BODIES) =>
      new Shares({ each: each * factor, all: all * factor });
    this.origins = origins;
    this.shares = open(CONNECTIONS);
    this.bodies = open(BODIES);
  }

  /** How often a connection was cut to make room for others. */
  get cuts(): number {
    return this.shares.cuts + this.bodies.cuts;
  }

  attach(http: FastifyInstance): void {
    const places = new WeakMap<Socket, () => void>();
    http.server.on('connection', (socket: Socket) => places.set(socket, this.open(socket)));
    http.server.on('upgrade', (_request, stream) => places.get(stream as Socket)?.());
    http.addHook('onRequest', (request, reply, next) => {
      const { raw } = request;
      const line = this.lines.get(raw.socket);
      if (!line) return next();
      line.inTurn(raw, reply.raw, () => {
        if (!raw.complete && hasBody(raw)) this.holdBody(line, raw);
        next();
      });
    });
  }

  /** Gives the function that leaves the connection's place. */
  private open(socket: Socket): () => void {
    const address = addressKey(socket.remoteAddress ?? '');
    const line = new Line(socket, address);
    this.lines.set(socket, line);
    // A proxy speaks for many clients; those are told apart once they have asked for something.
    const leave = this.shares.enter(this.origins.isProxied({ socket }) ? null : address, line);
    socket.once('close', () => {
      leave();
      this.lines.delete(socket);
    });
    return leave;
  }

  /** Holds a place until the request's body has come, or comes no more. */
  private holdBody(line: Line, request: IncomingMessage): void {
    const holder: Holder = {
      since: performance.now(),
      isWaiting: () => !request.complete,
      cut: () => line.cut(),
    };
    const address = addressKey(this.origins.addressOf(request));
    request.once('close', this.bodies.enter(address, holder));
  }
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
