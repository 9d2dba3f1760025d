import type { FastifyInstance, FastifyReply } from 'fastify';
import { problem } from '../core/problem.ts';
import { sendProblem } from './problem-response.ts';

/** Longest time from a request's head to its answer, and how often it is looked who is over it. */
const ANSWER_MS = 4_400;
const SWEEP_MS = 100;

/**
 * Where a request is noted that was not answered yet. Slots are used again and again: a Map that is
 * filled and emptied all the time leaves its old tables behind, through which the collector kept
 * answered requests alive; a seventh of a cached read was cleaning up after it.
 */
interface Slot {
  reply: FastifyReply | null;
  /** Moment (performance.now) by which it is to be answered. */
  due: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Milliseconds until the answer is due, where they are others than of most. */
    answerMs?: number;
  }
  interface FastifyReply {
    deadline: Slot | null;
  }
}

/**
 * Answers 503 when nothing else has by the deadline, whatever hangs behind the request: a write may
 * still come to pass, and a retry with its id finds it. Fastify's own `handlerTimeout` is called off
 * as soon as a request's body was read (5.12.8). Before the routes are added.
 */
export function addDeadlines(app: FastifyInstance): void {
  const all: Slot[] = [];
  const free: Slot[] = [];
  function leave(slot: Slot | null): void {
    if (!slot?.reply) return;
    slot.reply.deadline = null;
    slot.reply = null;
    free.push(slot);
  }
  app.decorateReply('deadline', null);
  app.addHook('onRequest', (request, reply, next) => {
    const slot = free.pop() ?? (all[all.length] = { reply: null, due: 0 });
    slot.reply = reply;
    slot.due = performance.now() + (request.routeOptions.config.answerMs ?? ANSWER_MS);
    reply.deadline = slot;
    next();
  });
  app.addHook('onSend', (_request, reply, payload, next) => {
    leave(reply.deadline);
    next(null, payload);
  });
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const slot of all) {
      const { reply, due } = slot;
      if (!reply || due > now) continue;
      leave(slot);
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
  const route = request.routeOptions.url;
  request.log.warn({ reqId: request.id, route }, 'a request was not answered in time');
  sendProblem(request, reply, problem('busy', { retryAfter: 1 }));
}
