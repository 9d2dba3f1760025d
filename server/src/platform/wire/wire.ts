import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { addressKey } from '../http/address.ts';
import type { Origins } from '../http/proxies.ts';
import { Connections } from './connections.ts';
import { Outgoing, OUTGOING, type OutgoingLimits, type Writable } from './outgoing.ts';
import { Shares } from './shares.ts';

/** Sockets that have not said hello, of one address and of all. */
const PENDING = { each: 128, all: 2_000 };
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

  return {
    outgoing,
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
        line.owner = request.actor?.userId ?? addressOf(request.raw);
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
