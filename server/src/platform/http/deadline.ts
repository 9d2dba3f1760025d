import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../core/problem.ts';
import { sendProblem } from './problem-response.ts';

/** Longest time from a request's head to its answer. */
const ANSWER_MS = 4_500;

/**
 * Answers 503 when nothing else has by the deadline, whatever hangs behind the request: a write may
 * still come to pass, and a retry with its id finds it. Fastify's own `handlerTimeout` is called off
 * as soon as a request's body was read (5.12.8).
 */
export function setDeadline(request: FastifyRequest, reply: FastifyReply): void {
  const timer = setTimeout(() => {
    if (reply.sent) return;
    request.log.warn({ route: request.routeOptions.url }, 'a request was not answered in time');
    sendProblem(request, reply, problem('busy', { retryAfter: 1 }));
  }, ANSWER_MS);
  reply.raw.once('close', () => clearTimeout(timer));
}
