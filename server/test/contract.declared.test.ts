import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { endpoint, urlOf, type Endpoint } from '@teambrain/contract/endpoint.ts';
import { limits } from '@teambrain/contract/limit.ts';
import { SpaceEvent } from '@teambrain/contract/log.ts';
import { ClientFrame } from '@teambrain/contract/socket.ts';
import { createTestApp } from '../src/testing/test-app.ts';
import { exampleOf } from './contract.examples.ts';
import { nameOf, requestOf } from './support/http.ts';
import { faultsOf } from './support/sound.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.app.close());

const named = endpoints.map((declared) => [nameOf(declared), declared] as const);

describe('the start', () => {
  /** Starts an app while the contract is other than the routes; gives what stopped it. */
  async function startWith(change: (all: Endpoint[]) => void): Promise<string> {
    const all = endpoints as Endpoint[];
    const before = [...all];
    change(all);
    try {
      await createTestApp({ database: world.app.database });
      return 'started';
    } catch (error) {
      return (error as Error).message;
    } finally {
      all.splice(0, all.length, ...before);
    }
  }

  const spec = { summary: 'Not there', limit: 'read' } as const;

  it('is stopped by an endpoint that no route is bound to', async () => {
    const extra = endpoint('GET /nowhere', 'public', spec);
    const stopped = await startWith((all) => all.push(extra));
    expect(stopped).toBe('Not bound to exactly one route: GET /api/nowhere');
  });

  it('is stopped by a route that no endpoint declares', async () => {
    const stopped = await startWith((all) => all.pop());
    expect(stopped).toBe('Not bound to exactly one route: POST /api/spaces/:spaceId/summaries');
  });
});

describe('every endpoint', () => {
  it.each(named)('%s declares gate, limit, and closed schemas', (_, declared) => {
    const { gate, limit, params, query, body, answer } = declared;
    expect(['public', 'user', 'read', 'write', 'manage', 'admin']).toContain(gate);
    expect(Object.keys(limits)).toContain(limit);
    for (const schema of [params, query, body, answer]) expect(openIn(schema)).toEqual([]);
  });

  it('is of its own', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(named.length);
  });
});

describe('what sockets carry', () => {
  it.each([
    ['events', SpaceEvent],
    ['frames of a client', ClientFrame],
  ])('%s are closed', (_, schema) => {
    expect(openIn(schema)).toEqual([]);
  });
});

/** Where in a schema an object takes properties that are not declared. */
function openIn(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties } = schema as Record<string, unknown>;
  const isOpen = type === 'object' && additionalProperties !== false;
  const inside = Object.entries(schema).flatMap(([name, part]) => openIn(part, `${at}/${name}`));
  return [...(isOpen ? [at || '/'] : []), ...inside];
}

describe('/api/openapi.json', () => {
  interface Operation {
    operationId: string;
    security?: unknown[];
    responses: Record<string, { content?: Record<string, unknown> }>;
  }
  const read = async () => {
    const { text } = await world.send({ method: 'GET', path: '/api/openapi.json' });
    return JSON.parse(text) as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
    };
  };

  it('is OpenAPI 3.1 and names every endpoint and nothing else', async () => {
    const { openapi, paths } = await read();
    const found = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = endpoints.map(
      (one) => `${one.method} ${urlOf(one).replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(openapi).toMatch(/^3\.1\./);
    expect(found.sort()).toEqual(declared.sort());
  });

  it.each(named)('says of %s who may call it and how it fails', async (_, declared) => {
    const { paths } = await read();
    const path = urlOf(declared).replace(/:(\w+)/g, '{$1}');
    const operation = paths[path]?.[declared.method.toLowerCase()];
    const statuses = Object.keys(operation?.responses ?? {});
    const isGuarded = declared.gate !== 'public';
    expect(operation?.security !== undefined).toBe(isGuarded);
    expect(statuses).toEqual(expect.arrayContaining(['400', '429', ...(isGuarded ? ['401'] : [])]));
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
  });
});

describe('the headers of an answer', () => {
  it.each(named)('are there on %s, whether it succeeds or refuses', async (_, declared) => {
    const { cast, places } = world;
    const place = places.protected;
    for (const token of [cast.owner.token, cast.outsider.token, null, 'x']) {
      const isEnding = declared.path.includes('logout');
      const reply = await world.send(
        requestOf(declared, exampleOf(declared, place, newId()), isEnding ? null : token),
      );
      expect(faultsOf(reply)).toEqual([]);
    }
  });

  it.each(['/livez', '/readyz', '/', '/nowhere', '/api/openapi.json', '/api/docs/'])(
    'protect %s too',
    async (path) => {
      const { headers } = await world.send({ method: 'GET', path });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers['referrer-policy']).toBeDefined();
      expect(headers['permissions-policy']).toBeDefined();
    },
  );

  it('tell browsers to stay on HTTPS where that is the address', async () => {
    const app = await createTestApp({ config: { baseUrl: 'https://brain.example.org' } });
    const port = (app.http.server.address() as { port: number }).port;
    const response = await fetch(`http://127.0.0.1:${port}/api/instance`);
    await app.close();
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
  });
});
