import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '@teambrain/contract/problem.ts';
import { problem, ProblemError } from '../core/problem.ts';
import { sqlStateOf } from '../db/database.ts';
import { isUnanswered } from '../db/transaction.ts';

/** Turns every failure into a problem document; unknown ones say nothing but the request id. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    logFailure(request, error);
    sendProblem(request, reply, toProblem(error));
  });
}

/** Failures of ours are in the log; what callers did wrong is not. */
export function logFailure(request: FastifyRequest, error: unknown): void {
  if (toProblem(error).status < 500) return;
  request.log.error({ reqId: request.id, err: error }, 'request failed');
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ProblemError) {
  const { retryAfter } = error.details;
  if (retryAfter !== undefined) void reply.header('Retry-After', String(retryAfter));
  if (error.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  return reply
    .status(error.status)
    .type('application/problem+json; charset=utf-8')
    .header('Cache-Control', 'private, no-store')
    .header('X-Request-Id', request.id)
    .send(JSON.stringify(error.toDocument(request.id)));
}

const TOO_LATE = 'ERR_HTTP_REQUEST_TIMEOUT';
const connectionProblems: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  [TOO_LATE]: 'too-slow',
};
/** How long a refusal has to reach the other end. */
const REFUSED_MS = 1_000;

/** Refuses what is not HTTP, on the bare connection: there is no request yet that could be answered. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  // Who has said nothing is told nothing: browsers open connections ahead.
  if (error.code === TOO_LATE && socket.bytesRead === 0) return void socket.destroy();
  const known = problem(connectionProblems[error.code ?? ''] ?? 'invalid-request');
  const id = randomUUID();
  const body = JSON.stringify(known.toDocument(id));
  const head = [
    `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: private, no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${id}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Whether or not the other end closes as well.
  setTimeout(() => socket.destroy(), REFUSED_MS).unref();
}

/** Any error as the problem a client may see. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseAway(error)) return problem('busy', { retryAfter: 2, cause: error });
  if (isStorageFull(error)) return problem('storage-full', { retryAfter: 30, cause: error });
  const status = (error as { statusCode?: number }).statusCode;
  if (status === 413) return problem('too-large', { cause: error });
  if (status === 415) return problem('unsupported-media-type', { cause: error });
  if (status === 503) return problem('busy', { retryAfter: 2, cause: error });
  if (status !== undefined && status >= 400 && status < 500) {
    return problem('invalid-request', { detail: 'The request could not be read', cause: error });
  }
  return problem('internal', { cause: error });
}

const AWAY = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOENT', 'EPIPE', 'EMFILE'],
  // Ended by the server or its administrator; too many connections.
  ...['57P01', '57P02', '57P03', '53300'],
  // Not done within the limits of time for statements, locks and idle transactions; a deadlock.
  ...['57014', '55P03', '25P03', '40P01'],
]);

/** Whether a disk is full, the database's or our own. */
const isStorageFull = (error: unknown) => ['53100', 'ENOSPC'].includes(sqlStateOf(error) ?? '');

/** Whether the database could not be reached or not in time: a passing state, so 503, not 500. */
function isDatabaseAway(error: unknown): boolean {
  if (isUnanswered(error)) return true;
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: string };
    if (code !== undefined && (AWAY.has(code) || code.startsWith('08'))) return true;
    if (
      /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(e.message)
    )
      return true;
  }
  return false;
}
