import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import { isOwnOrigin } from '../http/cookie.ts';
import type { HostGate } from '../http/hosts.ts';
import { Connection, type ConnectionDependencies } from './connection.ts';

/** Sockets that have not said hello yet, over all clients. */
const MAX_PENDING = 500;
/** Parts of a message; those who send more send them to be held. */
const MAX_FRAGMENTS = 64;
/** How long a socket that was closed has to answer; an option that the types do not know. */
const farewell = { closeTimeout: 5_000 };
/** How often sessions are compared with the database, in case no message told of their end. */
const POLL_MS = 2_000;

export interface SocketServer {
  /** Closes the sockets of ended sessions at once. */
  endSessions(ids: readonly string[]): void;
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

  const admit = (connection: Connection) => {
    const userId = connection.actor?.userId;
    const own = [...connections].filter((other) => other.actor?.userId === userId);
    return own.length <= socketLimits.socketsPerUser;
  };

  const pending = () => [...connections].filter(({ actor }) => actor === null).length;

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const path = (request.url ?? '').split('?')[0];
    if (!deps.isServed(request)) return refuse(stream, '421 Misdirected Request');
    if (path !== '/api/realtime') return refuse(stream, '404 Not Found');
    const { origin, host } = request.headers;
    if (origin !== undefined && !isOwnOrigin(origin, host, baseUrl)) {
      return refuse(stream, '403 Forbidden');
    }
    if (pending() >= MAX_PENDING) return refuse(stream, '503 Service Unavailable');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = new Connection(socket, { ...deps, admit });
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
    });
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
}
