import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MaybePromise } from '../core/maybe-promise.ts';
import { problem } from '../core/problem.ts';
import { addressKey } from '../http/address.ts';
import type { Origins } from '../http/proxies.ts';
import { Connections } from './connections.ts';
import { Outgoing, OUTGOING, type OutgoingLimits, type Writable } from './outgoing.ts';
import { Shares } from './shares.ts';
import { Turns } from './turns.ts';

/** Sockets that have not said hello, of one address and of all. */
const PENDING = { each: 128, all: 2_000 };
/** Answers to reads that are being made: what lies in memory before it can be in the account. */
const READS = { each: 3, all: 6 };
const SWEEP_MS = 250;

interface WireOptions {
  origins: Origins;
  /** Multiplies the shares of addresses, as it does rate limits (tests). */
  factor?: number | undefined;
  outgoing?: Partial<OutgoingLimits> | undefined;
}

export type Wire = ReturnType<typeof createWire>;

/** What connections may cost before and beside what is done for them: places, time and bytes. */
export function createWire({ origins, factor = 1, outgoing: other }: WireOptions) {
  const addressOf = (request: IncomingMessage) => addressKey(origins.addressOf(request));
  const outgoing = new Outgoing({ ...OUTGOING, ...other });
  const connections = new Connections({ origins, factor });
  const pending = new Shares({ each: PENDING.each * factor, all: PENDING.all * factor });
  const reads = new Turns(READS);
  const ownerOf = (request: FastifyRequest) => request.actor?.userId ?? addressOf(request.raw);

  return {
    outgoing,
    /** Answers to reads that wait to be made. */
    reads,
    /**
     * Makes the answer to a read in its turn. None is made for who has left, or was told to come again
     * meanwhile, nor for who has much waiting while half of all that may wait does.
     */
    makeInTurn(request: FastifyRequest, reply: FastifyReply, make: () => MaybePromise<void>): void {
      const owner = ownerOf(request);
      reads.enter(owner, () => {
        if (reply.sent || request.raw.socket.destroyed) return;
        if (outgoing.hasRoom(owner)) return make();
        const detail = 'Take the answers first that wait for you';
        reply.send(problem('too-many-requests', { detail, retryAfter: 2 }));
      });
    },
    /** Sockets before their hello. */
    pending,
    addressOf,
    /** How a connection is known to the account of outgoing bytes. */
    lineOf: (socket: Socket): Writable | undefined => connections.lines.get(socket),
    /** Before any other hook. */
    attach(http: FastifyInstance): void {
      connections.attach(http);
      http.addHook('onSend', (request, _reply, payload, next) => {
        next(null, payload);
        const line = connections.lines.get(request.raw.socket);
        if (!line) return;
        line.owner = ownerOf(request);
        outgoing.note(line, Buffer.isBuffer(payload) ? payload : null);
      });
      const sweep = setInterval(() => outgoing.sweep(connections.lines.values()), SWEEP_MS);
      sweep.unref();
      http.addHook('onClose', (_http, done) => {
        clearInterval(sweep);
        done();
      });
    },
    /** For metrics: what waits, and who was closed why. */
    counts: () => ({
      unsent: outgoing.total,
      ...outgoing.closed,
      room: connections.cuts + pending.cuts,
    }),
  };
}
