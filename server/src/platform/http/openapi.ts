import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { endpoints } from '@teambrain/contract/all.ts';
import { urlOf, type Endpoint } from '@teambrain/contract/endpoint.ts';
import { FILE_NAME_HEADER } from '@teambrain/contract/files.ts';
import { Problem, problems, type ProblemCode } from '@teambrain/contract/problem.ts';
import { version } from '../core/version.ts';

const ALWAYS: ProblemCode[] = ['invalid-request', 'too-many-requests', 'internal'];

/** `/api/openapi.json` (3.1) and the browsable `/api/docs`, both made from the contract. */
export async function addApiReference(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'TeamBrain API',
        version,
        description:
          'Sign in with POST /api/auth/login and send the access token as a bearer token. Failures are application/problem+json (RFC 9457).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
        schemas: { Problem: Problem as never },
      },
    },
    transform: ({ schema, url, route }) => {
      const method = Array.isArray(route.method) ? route.method[0] : route.method;
      const endpoint = endpoints.find((e) => e.method === method && urlOf(e) === url);
      return { schema: endpoint ? { ...schema, ...described(endpoint) } : { hide: true }, url };
    },
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

const typesOf = ({ alsoProduces = [], streams }: Endpoint) => [
  'application/json',
  ...alsoProduces,
  ...(streams ? ['text/event-stream'] : []),
];

const BYTES = {
  description: 'The bytes, or the part of them that was asked for',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
};
const UPLOAD = {
  type: 'object',
  properties: {
    [FILE_NAME_HEADER]: { type: 'string', description: 'The file’s name, percent-encoded' },
  },
  required: [FILE_NAME_HEADER],
};

/** What OpenAPI says about an endpoint beyond its request. */
function described(endpoint: Endpoint) {
  const success = endpoint.answer
    ? {
        [endpoint.status ?? 200]: {
          description: 'Success',
          content: Object.fromEntries(
            typesOf(endpoint).map((type) => [
              type,
              { schema: type === 'application/json' ? endpoint.answer : { type: 'string' } },
            ]),
          ),
        },
      }
    : endpoint.givesBytes
      ? { 200: BYTES, 206: BYTES }
      : { 204: { description: 'Done', type: 'null' } };
  return {
    operationId: operationId(endpoint),
    ...(endpoint.gate === 'public' ? {} : { security: [{ bearer: [] }] }),
    description: `Gate: ${endpoint.gate}. Rate limit: ${endpoint.limit}.`,
    ...(endpoint.takesBytes ? { consumes: ['application/octet-stream'], headers: UPLOAD } : {}),
    response: { ...success, ...problemResponses(endpoint) },
    ...(endpoint.ifMatch
      ? {
          headers: {
            type: 'object',
            properties: { 'if-match': { type: 'string', description: 'Version, e.g. "3"' } },
            ...(endpoint.ifMatch === 'required' ? { required: ['if-match'] } : {}),
          },
        }
      : {}),
  };
}

function operationId({ method, path }: Endpoint): string {
  const words = path.split('/').map((part) => part.replace(/^:(\w)/, 'By-$1').replace(/Id$/, ''));
  return [method.toLowerCase(), ...words]
    .join('-')
    .replace(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function problemResponses(endpoint: Endpoint) {
  const gated: ProblemCode[] = endpoint.gate === 'public' ? [] : ['not-signed-in'];
  const inSpace: ProblemCode[] = endpoint.path.includes(':spaceId')
    ? ['not-found', 'locked', 'forbidden']
    : [];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...ALWAYS, ...gated, ...inSpace, ...(endpoint.problems ?? [])]) {
    const [status] = problems[code];
    byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), code])]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${problems[code][1]}`).join('; '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}
