import type { FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import { packingFor, WORTH_PACKING } from './compression.ts';
import { Serialised, StreamAnswer, TypedAnswer } from './route.ts';

/** Sends an answer that is held to the endpoint's schema: nothing undeclared leaves the server. */
export function answerWriter(endpoint: Endpoint, isStrict: boolean) {
  const schema = endpoint.answer;
  const compiled = schema ? Compile(schema) : null;
  const status = endpoint.status ?? 200;
  return (request: FastifyRequest, reply: FastifyReply, answer: unknown): MaybePromise<void> => {
    if (answer instanceof TypedAnswer) {
      const { type, body } = answer;
      return sendBytes(request, reply.header('content-type', type), new Serialised(body));
    }
    if (answer instanceof StreamAnswer) {
      return void reply.status(answer.status).headers(answer.headers).send(answer.bytes);
    }
    if (!schema || !compiled) return void reply.status(204).send();
    const { events } = request;
    const json = events ? reply : reply.status(status).header('content-type', JSON_TYPE);
    if (answer instanceof Serialised && !isStrict) return sendBytes(request, json, answer);
    let body: unknown = answer instanceof Serialised ? answer.read() : answer;
    if (!compiled.Check(body)) {
      const [first] = compiled.Errors(body);
      const error = new Error(
        `${endpoint.method} ${endpoint.path} broke its contract: ${first?.instancePath} ${first?.message}`,
      );
      if (isStrict) throw error;
      reply.log.error({ reqId: request.id, err: error }, 'an answer broke its contract');
      body = Value.Clean(schema, structuredClone(body));
    }
    if (events) return events.done(body);
    return sendBytes(request, json, new Serialised(JSON.stringify(body)));
  };
}

/** Compressed where it is worth it and the caller takes it. */
function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Serialised<unknown>,
): MaybePromise<void> {
  const { bytes } = answer;
  if (bytes.length < WORTH_PACKING) return void reply.send(bytes);
  void reply.header('vary', 'accept-encoding');
  const packing = packingFor(request.headers['accept-encoding']);
  if (!packing) return void reply.send(bytes);
  return chain(answer.pack(packing), (packed) => {
    // The time may be over meanwhile.
    if (!reply.sent) void reply.header('content-encoding', packing).send(packed);
  });
}

const JSON_TYPE = 'application/json; charset=utf-8';
