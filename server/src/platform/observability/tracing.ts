import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { Context, Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import type { Log } from '../core/log.ts';
import { version } from '../core/version.ts';
import type { Database } from '../db/database.ts';
import type { Appender } from '../events/append.ts';
import type { Encoder } from '../ports/ai/encoder.ts';

/** Never texts, names, addresses, ids or keys: patterns, counts, kinds. */
type Attributes = Record<string, string | number>;

/** Spans of what a request does, sent to an OpenTelemetry collector. */
export interface Tracing {
  /** A span for each request of a known route; before the routes are added. */
  attach(http: FastifyInstance, routes: ReadonlySet<string>): void;
  database(db: Database): void;
  /** Gives each creation a span for the group commit it takes part in. */
  appender(append: Appender): Appender;
  redis(client: Redis): void;
  encoder(encoder: Encoder): Encoder;
  /** Sends what waits, for at most two seconds. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;
/** Failures to send are logged at most this often. */
const COMPLAINTS_MS = 60_000;

/**
 * Loads the OpenTelemetry packages and starts to trace; without an endpoint nothing of this is
 * called. Spans wait in a bounded queue and are dropped when the collector is away.
 * @param endpoint base address of an OTLP/HTTP receiver (OTEL_EXPORTER_OTLP_ENDPOINT)
 */
export async function startTracing(endpoint: string, log: Log): Promise<Tracing> {
  const [api, core, resources, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const complain = rarely(() => log.warn('traces cannot be sent; check the collector'));
  const ignore = () => undefined;
  api.diag.setLogger(
    { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: 5_000,
  });
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': 'teambrain',
      'service.version': version,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('teambrain', version);
  const propagator = new core.W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<Context>();

  const begin = (name: string, kind: number, attributes: Attributes, parent?: Context) =>
    tracer.startSpan(name, { kind, attributes }, parent ?? api.ROOT_CONTEXT);

  function end(span: Span, error?: unknown): void {
    if (error !== undefined) {
      // The message could hold anything; the kind of failure is enough to find the log line.
      span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
      span.setStatus({ code: api.SpanStatusCode.ERROR });
    }
    span.end();
  }

  /** A span below the running request's; outside of one there is none. */
  function within<T>(
    name: string,
    attributes: Attributes,
    task: () => Promise<T>,
    kind = api.SpanKind.CLIENT,
  ): Promise<T> {
    const parent = current.getStore();
    if (!parent) return task();
    const span = begin(name, kind, attributes, parent);
    const running = current.run(api.trace.setSpan(parent, span), task);
    running.then(
      () => end(span),
      (error: unknown) => end(span, error),
    );
    return running;
  }

  const spanOf = (request: FastifyRequest, parent: Context) =>
    begin(
      `${request.method} ${request.routeOptions.url}`,
      api.SpanKind.SERVER,
      { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? '' },
      parent,
    );

  return {
    attach(http, routes) {
      const running = new WeakMap<FastifyRequest, { span: Span; resource: AsyncResource }>();
      http.addHook('onRequest', (request, _reply, done) => {
        if (!routes.has(request.routeOptions.url ?? '')) return done();
        const { headers } = request;
        const parent = propagator.extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter);
        const span = spanOf(request, parent);
        current.run(api.trace.setSpan(parent, span), () => {
          running.set(request, { span, resource: new AsyncResource('teambrain.request') });
          done();
        });
      });
      // Reading the body goes through the connection's events, which belong to no request.
      http.addHook('preValidation', (request, _reply, done) => {
        const found = running.get(request);
        if (found) found.resource.runInAsyncScope(done);
        else done();
      });
      http.addHook('onResponse', async (request, reply) => {
        const found = running.get(request);
        if (!found) return;
        found.span.setAttribute('http.response.status_code', reply.statusCode);
        if (reply.statusCode >= 500) found.span.setStatus({ code: api.SpanStatusCode.ERROR });
        found.span.end();
      });
    },
    database(db) {
      const transaction = db.transaction.bind(db) as (...args: unknown[]) => Promise<unknown>;
      const attributes = { 'db.system.name': 'postgresql' };
      db.transaction = ((...args: unknown[]) =>
        within('db transaction', attributes, () => transaction(...args))) as never;
    },
    appender: (append) => (kind) => {
      const { one, inOrder } = append(kind);
      const attributes = { 'db.system.name': 'postgresql' };
      return {
        one: (creation) => within('db transaction', attributes, () => one(creation)),
        inOrder: (creations) => within('db transaction', attributes, () => inOrder(creations)),
      };
    },
    redis(client) {
      const send = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>;
      client.sendCommand = (command: { name: string }, ...rest: unknown[]) => {
        const attributes = { 'db.system.name': 'redis', 'db.operation.name': command.name };
        return within(`redis ${command.name}`, attributes, () => send(command, ...rest));
      };
    },
    encoder: (encoder) => ({
      model: encoder.model,
      dimensions: encoder.dimensions,
      encode: (texts, priority) =>
        within(
          'encode',
          { 'teambrain.texts': texts.length, 'teambrain.priority': priority },
          () => encoder.encode(texts, priority),
          api.SpanKind.INTERNAL,
        ),
      close: () => encoder.close(),
    }),
    async close() {
      const sent = provider.shutdown().catch(complain);
      await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
    },
  };
}

function rarely(task: () => void): () => void {
  let last = -COMPLAINTS_MS;
  return () => {
    if (performance.now() - last < COMPLAINTS_MS) return;
    last = performance.now();
    task();
  };
}
