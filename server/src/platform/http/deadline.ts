import type { FastifyInstance, FastifyReply } from 'fastify';
import { problem } from '../core/problem.ts';
import { sendProblem } from './problem-response.ts';

/** Longest time from a request's head to its answer, and how often it is looked who is over it. */
const ANSWER_MS = 4_400;
const SWEEP_MS = 100;

/**
 * Answers 503 when nothing else has by the deadline, whatever hangs behind the request: a write may
 * still come to pass, and a retry with its id finds it. Fastify's own `handlerTimeout` is called off
 * as soon as a request's body was read (5.12.8). Before the routes are added.
 */
export function addDeadlines(app: FastifyInstance): void {
  /** Those not answered yet and when each is due, the next one first. */
  const open = new Map<FastifyReply, number>();
  app.addHook('onRequest', (_request, reply, next) => {
    open.set(reply, performance.now() + ANSWER_MS);
    next();
  });
  app.addHook('onSend', (_request, reply, payload, next) => {
    open.delete(reply);
    next(null, payload);
  });
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const [reply, due] of open) {
      if (due > now) return;
      open.delete(reply);
      if (!reply.sent) refuse(reply);
    }
  }, SWEEP_MS).unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(sweep);
    done();
  });
}

function refuse(reply: FastifyReply): void {
  const { request } = reply;
  request.log.warn({ route: request.routeOptions.url }, 'a request was not answered in time');
  sendProblem(request, reply, problem('busy', { retryAfter: 1 }));
}
