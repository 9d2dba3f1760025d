import type { FastifyInstance } from 'fastify';
import { problem } from '../core/problem.ts';

/** Requests under way get this long to end; then their connections are cut. */
const GRACE_MS = 6_000;
const SWEEP_MS = 50;

/**
 * How the HTTP server stops: from `close` on nothing is accepted, what comes over a connection that
 * is still open is refused with 503, and what is under way is answered. Before the routes are added.
 */
export function addGracefulStop(http: FastifyInstance): { close(): Promise<void> } {
  let isClosing = false;
  http.addHook('onRequest', (_request, _reply, next) => {
    next(isClosing ? problem('busy', { retryAfter: 1 }) : undefined);
  });
  http.addHook('onSend', (_request, reply, payload, next) => {
    if (isClosing) reply.header('Connection', 'close');
    next(null, payload);
  });
  return {
    async close() {
      isClosing = true;
      const { server } = http;
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      try {
        await http.close();
      } finally {
        clearInterval(sweep);
        clearTimeout(cut);
      }
    },
  };
}
