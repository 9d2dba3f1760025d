import type { FastifyInstance } from 'fastify';

/** One line per request at level debug: what kind, how it ended, how long; nothing that was said. */
export function logRequests(http: FastifyInstance): void {
  http.addHook('onResponse', (request, reply, next) => {
    request.log.debug(
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        user: request.actor?.userId ?? null,
      },
      'request',
    );
    next();
  });
}
