import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Compile, type Validator } from 'typebox/compile';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { problem, type ProblemError } from '../core/problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the answer is streamed, for who asked for events. */
    events: EventStream | null;
  }
}

export const EVENTS = 'text/event-stream';

interface StreamOptions {
  request: FastifyRequest;
  reply: FastifyReply;
  /** Whether the session that asked is still alive. */
  isLive: () => Promise<boolean>;
}

/**
 * An answer as server-sent events. Its head leaves with the first event, so what is refused before
 * that is an ordinary problem. Each event is held to its schema and goes only to a live session; when
 * the endpoint's time is over the stream ends with `busy`.
 */
export class EventStream {
  private readonly out = new Readable({ read: () => undefined });
  private readonly schemas: Map<string, Validator>;
  private readonly options: StreamOptions;
  private readonly due: NodeJS.Timeout;
  private isOpen = false;
  private isOver = false;

  constructor(endpoint: Endpoint, options: StreamOptions) {
    this.options = options;
    this.schemas = validatorsOf(endpoint);
    this.due = setTimeout(() => this.timeOut(), (endpoint.seconds ?? 4) * 1_000).unref();
    options.reply.raw.on('close', () => this.finish());
  }

  /** Sends one event. @throws session-ended where nobody is there any more who may read it */
  async emit(name: string, data: unknown): Promise<void> {
    if (!(await this.options.isLive())) throw problem('session-ended');
    const schema = this.schemas.get(name);
    if (!schema?.Check(data)) throw new Error(`The event “${name}” broke its contract`);
    this.write(name, data);
  }

  /** Ends the stream with its answer. */
  async done(answer: unknown): Promise<void> {
    if (!(await this.options.isLive())) return void this.fail(problem('session-ended'));
    this.write('done', answer);
    this.finish();
  }

  /** Ends the stream with a problem; false where it has not begun, and the problem is the answer. */
  fail(error: ProblemError): boolean {
    if (this.isOver) return true;
    if (!this.isOpen) {
      this.finish();
      return false;
    }
    this.write('problem', error.toDocument(this.options.request.id));
    this.finish();
    return true;
  }

  private write(name: string, data: unknown): void {
    if (this.isOver) return;
    this.open();
    this.out.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private open(): void {
    if (this.isOpen) return;
    const { reply } = this.options;
    // Told to come again meanwhile.
    if (reply.sent) return this.finish();
    this.isOpen = true;
    // Proxies hold streams back unless told.
    const headers = { 'content-type': `${EVENTS}; charset=utf-8`, 'x-accel-buffering': 'no' };
    void reply.status(200).headers(headers).send(this.out);
  }

  private timeOut(): void {
    if (this.isOpen) this.fail(problem('busy', { retryAfter: 1 }));
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.due);
    this.out.push(null);
  }
}

/** Compiled once for each endpoint. */
const compiled = new WeakMap<Endpoint, Map<string, Validator>>();

function validatorsOf(endpoint: Endpoint): Map<string, Validator> {
  const known = compiled.get(endpoint);
  if (known) return known;
  const schemas = Object.entries(endpoint.streams ?? {});
  const made = new Map<string, Validator>(schemas.map(([name, one]) => [name, Compile(one)]));
  compiled.set(endpoint, made);
  return made;
}
