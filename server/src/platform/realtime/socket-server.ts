import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import type { Actor } from '../core/actor.ts';
import { isOwnOrigin } from '../http/cookie.ts';
import type { HostGate } from '../http/hosts.ts';
import type { Limits } from '../ports/limits.ts';
import type { Seats } from '../ports/seats.ts';
import type { Wire } from '../wire/wire.ts';
import { Connection, type ConnectionDependencies } from './connection.ts';

/** The topic on which instances tell each other which sockets made room for newer ones. */
export const SOCKETS_DISPLACED = 'sockets:displaced';
/** Parts of a message; those who send more send them to be held. */
const MAX_FRAGMENTS = 64;
/** How long a socket that was closed has to answer; an option that the types do not know. */
const farewell = { closeTimeout: 5_000 };
/** How long a refusal has to reach the other end. */
const REFUSED_MS = 1_000;
/** How often sessions are compared with the database, in case no message told of their end. */
const POLL_MS = 2_000;

export interface SocketServer {
  /** Closes the sockets of ended sessions at once. */
  endSessions(ids: readonly string[]): void;
  /** Closes sockets that made room for newer ones of the same person. */
  displace(ids: readonly string[]): void;
  /** How many sockets are open. */
  count(): number;
  /** Closes the sockets of sessions that the database says have ended. */
  checkSessions(): Promise<void>;
  close(): Promise<void>;
}

/** Takes WebSocket upgrades of `/api/realtime`; everything else that wants an upgrade is refused. */
export function createSocketServer(
  server: Server,
  baseUrl: string | null,
  deps: Omit<ConnectionDependencies, 'admit'> & {
    isServed: HostGate;
    wire: Wire;
    limits: Limits;
    seats: Seats;
    /** Tells all instances, this one too, whose sockets made room. */
    onDisplaced(ids: readonly string[]): void;
    /** Those of the sessions that stand no more. */
    findEnded(sessionIds: readonly string[]): Promise<string[]>;
  },
): SocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // Answered here, where they are counted; and a message is made of few parts.
    autoPong: false,
    maxFragments: MAX_FRAGMENTS,
    ...farewell,
    maxPayload: socketLimits.maxFrame,
  });
  const connections = new Set<Connection>();

  const { wire, limits, seats } = deps;
  /** What frees the places of sockets that have not said hello. */
  const pending = new Map<Connection, () => void>();

  const leavePending = (connection: Connection) => {
    pending.get(connection)?.();
    pending.delete(connection);
  };

  const admit = async (connection: Connection, { userId }: Actor) => {
    leavePending(connection);
    const { isAllowed, resetSeconds } = await limits.take('socket', `user:${userId}`);
    if (!isAllowed) return resetSeconds;
    const displaced = await seats.take(userId, connection.id);
    if (!connection.isOpen) void seats.leave(userId, connection.id);
    if (displaced.length > 0) deps.onDisplaced(displaced);
    return 0;
  };

  const take = (socket: WebSocket, request: IncomingMessage) => {
    const line = wire.lineOf(request.socket);
    const accountOf = ({ userId }: Actor) => {
      if (line) Object.assign(line, { owner: userId, isPatient: true });
      return {
        note: (bytes?: Buffer) => line && wire.outgoing.note(line, bytes),
        hasRoom: () => wire.outgoing.hasRoom(userId),
      };
    };
    const connection = new Connection(socket, accountOf, { ...deps, admit });
    connections.add(connection);
    const holder = {
      since: performance.now(),
      isWaiting: () => connection.actor === null,
      cut: () => connection.cut(closeCodes.limits),
    };
    pending.set(connection, wire.pending.enter(wire.addressOf(request), holder));
    socket.on('close', () => {
      leavePending(connection);
      connections.delete(connection);
      if (connection.actor) void seats.leave(connection.actor.userId, connection.id);
    });
  };

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const path = (request.url ?? '').split('?')[0];
    if (!deps.isServed(request)) return refuse(stream, '421 Misdirected Request');
    if (path !== '/api/realtime') return refuse(stream, '404 Not Found');
    const { origin, host } = request.headers;
    if (origin !== undefined && !isOwnOrigin(origin, host, baseUrl)) {
      return refuse(stream, '403 Forbidden');
    }
    sockets.handleUpgrade(request, stream, head, (socket) => take(socket, request));
  };
  server.on('upgrade', onUpgrade);

  const endSessions = (ids: readonly string[]) => {
    const ended = new Set(ids);
    for (const connection of connections) {
      if (connection.actor && ended.has(connection.actor.sessionId)) {
        connection.close(closeCodes.unauthenticated);
      }
    }
  };

  const displace = (ids: readonly string[]) => {
    for (const connection of connections) {
      if (ids.includes(connection.id)) connection.close(closeCodes.displaced);
    }
  };

  const checkSessions = async () => {
    const ids = [...connections].flatMap(({ actor }) => (actor ? [actor.sessionId] : []));
    try {
      endSessions(await deps.findEnded([...new Set(ids)]));
    } catch (error) {
      deps.log.warn({ err: error }, 'the session poll failed');
    }
  };

  const poll = setInterval(() => void checkSessions(), POLL_MS);
  poll.unref();

  return {
    endSessions,
    displace,
    count: () => connections.size,
    checkSessions,
    async close() {
      clearInterval(poll);
      server.off('upgrade', onUpgrade);
      for (const connection of connections) connection.close(closeCodes.restart);
      // Clients get a moment to answer the close, then the sockets go.
      await new Promise((resolve) => setTimeout(resolve, connections.size > 0 ? 200 : 0));
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => sockets.close(resolve));
    },
  };
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Whether or not the other end closes as well.
  setTimeout(() => stream.destroy(), REFUSED_MS).unref();
}
