import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../core/problem.ts';
import { sendProblem } from './problem-response.ts';

declare module 'fastify' {
  interface FastifyRequest {
    deadline: NodeJS.Timeout | undefined;
  }
}

/** Longest time from a request's head to its answer. */
const ANSWER_MS = 4_500;

/** Calls deadlines off that are met. Before the routes are added. */
export function addDeadlines(app: FastifyInstance): void {
  app.decorateRequest('deadline', undefined);
  app.addHook('onSend', (request, _reply, payload, next) => {
    clearTimeout(request.deadline);
    next(null, payload);
  });
}

/**
 * Answers 503 when nothing else has by the deadline, whatever hangs behind the request: a write may
 * still come to pass, and a retry with its id finds it. Fastify's own `handlerTimeout` is called off
 * as soon as a request's body was read (5.12.8).
 */
export function setDeadline(request: FastifyRequest, reply: FastifyReply): void {
  request.deadline = setTimeout(() => {
    if (reply.sent) return;
    request.log.warn({ route: request.routeOptions.url }, 'a request was not answered in time');
    sendProblem(request, reply, problem('busy', { retryAfter: 1 }));
  }, ANSWER_MS);
}
