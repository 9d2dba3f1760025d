import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import helmet from 'helmet';
import Fastify, { LogController, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Actor } from '../core/actor.ts';
import type { Log } from '../core/log.ts';
import { paths } from '../core/paths.ts';
import { problem } from '../core/problem.ts';
import { addDeadlines } from './deadline.ts';
import { guardHost, type HostGate } from './hosts.ts';
import { addApiReference } from './openapi.ts';
import { answerProblems, refuseConnection, sendProblem } from './problem-response.ts';
import type { Origins } from './proxies.ts';
import type { Wire } from '../wire/wire.ts';
import { validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
    /** The client's address, from trusted proxies where they forward (`ip` is the peer's). */
    readonly address: string;
  }
}

export interface HttpOptions {
  log: Log;
  baseUrl: string | null;
  origins: Origins;
  isServed: HostGate;
  wire: Wire;
}

/** No request takes longer to come; most are answered long before (deadline.ts). */
const LONGEST_MS = 610_000;
/** How long a client that was answered may go on sending a body that nobody wants. */
const UNWANTED_MS = 2_000;

/** A request's head is there after 4.5 s, or its connection is closed before 5 s are over. */
const HEADS = { headersTimeout: 4_500, connectionsCheckingInterval: 250 };

/** The HTTP server with its headers, limits and error answers, before any endpoint is added. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log,
    // A child for each request costs, and of few is anything said: those lines name it themselves.
    childLoggerFactory: (log) => log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: LONGEST_MS,
    http: HEADS,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    bodyLimit: 65_536,
    // What is in a path is checked by its schema; its length is bounded by that of all headers.
    routerOptions: { maxParamLength: 16_384 },
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : url.replaceAll('%', '%25')),
    clientErrorHandler: refuseConnection,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // answered with a problem: stop.ts
  }) as unknown as FastifyInstance;
  options.wire.attach(app);
  app.decorateRequest('actor', null);
  app.decorateRequest('events', null);
  app.decorateRequest('address', {
    getter() {
      return options.origins.addressOf(this.raw);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  answerProblems(app);
  acceptJsonOnly(app);
  addDeadlines(app);
  const headers = securityHeaders(options.baseUrl);
  const apiHeaders = { ...headers, 'cache-control': 'private, no-store' };
  app.addHook('onRequest', (request, reply, next) => {
    if (request.url.startsWith('/api') || request.url.startsWith('/files/')) {
      reply.headers(apiHeaders).header('x-request-id', request.id);
    } else {
      reply.headers(headers);
    }
    // Bodies are taken as they are: nothing is unpacked for whoever asks for it.
    const packing = request.headers['content-encoding'];
    const isPacked = packing !== undefined && packing !== 'identity';
    next(isPacked ? problem('unsupported-media-type') : undefined);
  });
  app.addHook('onResponse', ({ raw }, _reply, next) => {
    next();
    if (raw.complete || raw.destroyed) return;
    setTimeout(() => void (raw.complete || raw.socket.destroy()), UNWANTED_MS).unref();
  });
  guardHost(app, options.isServed);
  await addApiReference(app);
  return app;
}

/** Whether the path can be decoded; one that cannot is taken as it stands and found nowhere. */
function isDecodable(url: string): boolean {
  if (!url.includes('%')) return true;
  try {
    decodeURIComponent(url.split('?')[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/** Serves the web app; its routes all answer with the same page. Registered after the endpoints. */
export async function serveWeb(app: FastifyInstance): Promise<void> {
  const hasWeb = existsSync(join(paths.web, 'index.html'));
  if (hasWeb) {
    await app.register(fastifyStatic, {
      root: paths.web,
      wildcard: false,
      cacheControl: false,
      preCompressed: true,
      globIgnore: ['**/*.br', '**/*.gz'],
      setHeaders: (reply: FastifyReply, path: string) => {
        const isHashed = path.includes(`${join(paths.web, 'assets')}`);
        reply.header(
          'Cache-Control',
          isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    const isApi = /^\/api(?:[/?]|$)/i.test(request.url);
    if (hasWeb && isPage && !isApi && !/\.\w+(?:\?|$)/.test(request.url)) {
      return reply.sendFile('index.html');
    }
    return sendProblem(request, reply, problem('not-found'));
  });
}

/** Only exactly `application/json` is parsed; prototype keys are refused by the parser. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
}

/** The headers of every answer, as helmet would set them anew each time. */
function securityHeaders(baseUrl: string | null): Record<string, string> {
  const headers: Record<string, string> = {
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  };
  const response = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  };
  helmet(helmetOptions(baseUrl))({} as never, response as never, () => undefined);
  return headers;
}

function helmetOptions(baseUrl: string | null) {
  const isHttps = baseUrl?.startsWith('https:') ?? false;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    hsts: isHttps ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'same-origin' as const },
    crossOriginEmbedderPolicy: false,
    // For browsers of the past, or what they do by themselves.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  };
}
