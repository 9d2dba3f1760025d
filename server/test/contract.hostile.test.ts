import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { refresh, logout } from '@teambrain/contract/auth.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import {
  badBodies,
  badTypes,
  oddHeaders,
  oddMethods,
  oddPaths,
  oddTypes,
} from './contract.hostile.ts';
import { exampleOf } from './contract.examples.ts';
import { columnsOf, digestOf } from './support/database.ts';
import {
  inParallel,
  nameOf,
  outcomeOf,
  requestOf,
  sendBytes,
  type Input,
  type Sent,
} from './support/http.ts';
import { failuresIn, faultsOf, SECURITY_HEADERS } from './support/sound.ts';
import { createWorld, logIn, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.app.close());

const named = endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);
const withBody = named.filter(([, { body }]) => body);

/** A right request of the endpoint, by who would be let through as far as anyone. */
function good(endpoint: Endpoint): Sent & { headers: Record<string, string> } {
  const token = endpoint.gate === 'public' ? null : world.cast.owner.token;
  const sent = requestOf(endpoint, exampleOf(endpoint, world.places.public, newId()), token);
  return { ...sent, headers: sent.headers as Record<string, string> };
}

/** Sends variants of requests and gives those answers that are not sound, or not as they should. */
async function misfits(
  variants: Iterable<readonly [string, Sent]>,
  isRight: (status: number, outcome: string) => boolean = () => true,
): Promise<string[]> {
  const found: string[] = [];
  await inParallel([...variants], async ([name, sent]) => {
    const reply = await world.send(sent);
    for (const fault of faultsOf(reply)) found.push(`${name}: ${fault}`);
    const outcome = sent.method === 'HEAD' ? String(reply.status) : outcomeOf(reply);
    if (!isRight(reply.status, outcome)) found.push(`${name}: ${outcome}`);
  });
  return found;
}

describe('a body', () => {
  it.each(withBody)('that is no good is refused by %s', async (_, endpoint) => {
    const { headers, ...sent } = good(endpoint);
    const variants = Object.entries(badBodies).map(
      ([name, body]) => [name, { ...sent, headers, body }] as const,
    );
    expect(await misfits(variants, (status) => status === 400)).toEqual([]);
  });

  it.each(withBody)('of another content type is refused by %s', async (_, endpoint) => {
    const sent = good(endpoint);
    const variants = badTypes.map((type) => {
      return [type, { ...sent, headers: { ...sent.headers, 'content-type': type } }] as const;
    });
    const codes = ['unsupported-media-type', 'invalid-request'];
    expect(await misfits(variants, (_status, code) => codes.includes(code))).toEqual([]);
  });

  it.each(withBody)(
    'of an oddly spelled content type is still checked by %s',
    async (_, endpoint) => {
      const sent = good(endpoint);
      const variants = oddTypes.map((type) => {
        const headers = { ...sent.headers, 'content-type': type };
        return [type, { ...sent, headers, body: '{"unknown":1}' }] as const;
      });
      expect(await misfits(variants, (status) => status === 400 || status === 415)).toEqual([]);
    },
  );

  it.each(withBody)('that is too large is refused by %s', async (_, endpoint) => {
    const sent = good(endpoint);
    const size = (endpoint.maxBody ?? 65_536) + 1;
    const plain = Buffer.alloc(size, ' ');
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    const packed = { ...sent.headers, 'content-encoding': 'gzip' };
    const variants: [string, Sent][] = [
      ['plain', { ...sent, body: plain }],
      ['unpacked', { ...sent, headers: packed, body: bomb }],
    ];
    const codes = ['too-large', 'unsupported-media-type'];
    expect(await misfits(variants, (_status, code) => codes.includes(code))).toEqual([]);
  });
});

describe('an address', () => {
  it('that leads nowhere says so, with any method', async () => {
    const headers = { authorization: `Bearer ${world.cast.owner.token}` };
    const methods = ['GET', 'HEAD', 'POST', ...oddMethods];
    const variants = oddPaths.flatMap((path) =>
      methods.map((method) => [`${method} ${path}`, { method, path, headers }] as const),
    );
    expect(await misfits(variants, (status) => status >= 400 || status === 200)).toEqual([]);
  });

  it.each([
    '/api/docs/static/..%2f..%2f..%2fpackage.json',
    '/api/docs/static/%2e%2e/%2e%2e/package.json',
    '/api/docs/../../../../etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('cannot climb out: %s', async (path) => {
    const { status, text } = await world.send({ method: 'GET', path });
    expect([200, 400, 403, 404]).toContain(status);
    expect(text).not.toMatch(/root:|"dependencies"/);
  });

  it('of an endpoint takes its own methods only', async () => {
    const { token } = world.cast.owner;
    const paths = [...new Set(endpoints.map(({ path }) => path))];
    const variants = paths.flatMap((path) => {
      const own = endpoints.filter((e) => e.path === path);
      const taken = new Set<string>(
        own.flatMap(({ method }) => [method, method === 'GET' ? 'HEAD' : '']),
      );
      const [first] = own;
      if (!first) return [];
      const { path: address } = good(first);
      return ['GET', 'HEAD', 'POST', ...oddMethods]
        .filter((method) => !taken.has(method))
        .map((method) => {
          const headers = { authorization: `Bearer ${token}` };
          return [`${method} ${path}`, { method, path: address, headers }] as const;
        });
    });
    expect(await misfits(variants, (status) => status === 404 || status === 405)).toEqual([]);
    expect(variants.length).toBeGreaterThan(100);
  });
});

describe('a header', () => {
  const reads = named.filter(([, { method }]) => method === 'GET');
  it.each(reads)('of any kind leaves %s sound', async (_, endpoint) => {
    const sent = good(endpoint);
    const variants = oddHeaders.flatMap((odd) =>
      ['GET', 'HEAD'].map((method) => {
        const headers = { ...sent.headers, ...odd };
        return [
          `${method} ${JSON.stringify(odd).slice(0, 80)}`,
          { ...sent, method, headers },
        ] as const;
      }),
    );
    expect(await misfits(variants)).toEqual([]);
  });

  it.each(withBody)('of any kind leaves %s sound', async (_, endpoint) => {
    const sent = good(endpoint);
    // What the body is refused for, so that nothing is written by these.
    const body = '{"unknown":1}';
    const variants = oddHeaders.map((odd) => {
      const headers = { ...sent.headers, ...odd };
      return [JSON.stringify(odd).slice(0, 80), { ...sent, body, headers }] as const;
    });
    expect(await misfits(variants, (status) => status >= 400)).toEqual([]);
  });
});

describe('what is not HTTP as it should be', () => {
  const line = 'GET /api/me HTTP/1.1\r\nHost: x\r\n';
  it.each([
    ['headers of 100 kB', `${line}X: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    ['a bare line', 'hello\r\n\r\n', 400],
    ['a space before the colon', `${line}Authorization : x\r\n\r\n`, 400],
    ['a line feed in a name', `${line}A\nB: x\r\n\r\n`, 400],
    ['a length that is no number', `${line}Content-Length: x\r\n\r\n`, 400],
    ['two lengths', `${line}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ['length and chunks', `${line}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['an unknown method', 'BREW /api/me HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['another protocol', 'GET /api/me HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['an address that is none', 'GET \x01 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ])('%s is refused with a problem', async (_, bytes, status) => {
    const text = await sendBytes(world.url, bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status });
  });
});

describe('mass assignment', () => {
  it.each(withBody)('%s refuses every column of the database', async (_, endpoint) => {
    const columns = await columnsOf(world.app);
    const sent = good(endpoint);
    const body = JSON.parse(String(sent.body)) as Record<string, unknown>;
    const before = await digestOf(world.app);
    const variants = columns.flatMap((column) =>
      placesIn(body, column).map((extended) => {
        return [column, { ...sent, body: JSON.stringify(extended) }] as const;
      }),
    );
    expect(await misfits(variants, (_status, code) => code === 'invalid-request')).toEqual([]);
    expect(await digestOf(world.app)).toEqual(before);
    expect(variants.length).toBeGreaterThan(50);
  });

  /** The body with the name added, on the top and in each object in it; not where it belongs. */
  function placesIn(body: Record<string, unknown>, column: string): Record<string, unknown>[] {
    const extra = { [column]: true };
    const nested = Object.entries(body).filter(
      (entry): entry is [string, object] => typeof entry[1] === 'object' && entry[1] !== null,
    );
    return [
      ...(column in body ? [] : [{ ...body, ...extra }]),
      ...nested.map(([name, value]) => ({ ...body, [name]: { ...value, ...extra } })),
    ];
  }
});

describe('a request that carries the refresh cookie', () => {
  it.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['same-site', { 'sec-fetch-site': 'same-site' }],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }],
    ['of no site a browser knows', { 'sec-fetch-site': 'SAME-ORIGIN' }],
    ['with a foreign Origin', { origin: 'https://evil.example' }],
    ['with the Origin null', { origin: 'null' }],
    ['with a lookalike Origin', { origin: 'http://127.0.0.1.evil.example' }],
  ])('%s is refused and changes nothing', async (_, headers) => {
    const { cookie, token } = await logIn(world.send, world.guest);
    for (const endpoint of [refresh, logout]) {
      const input: Input = { headers: { ...headers, cookie } };
      const reply = await world.send(requestOf(endpoint, input, null));
      expect([outcomeOf(reply), reply.headers['set-cookie']]).toEqual(['cross-site', undefined]);
    }
    const own = { headers: { 'sec-fetch-site': 'same-origin', cookie } };
    expect(outcomeOf(await world.send(requestOf(refresh, own, null)))).toBe('200');
    expect(token).not.toBe('');
  });
});

describe('in all of this', () => {
  it('nothing failed inside', () => {
    expect(failuresIn(world.app.logged())).toEqual([]);
  });

  it('the process is alive and the data are there', async () => {
    const { status } = await world.send({ method: 'GET', path: '/readyz' });
    const found = await world.app.database.db.execute(sql`select 1 from users`);
    expect(status).toBe(200);
    expect(found.rows.length).toBeGreaterThan(0);
    expect(Object.keys(SECURITY_HEADERS).length).toBeGreaterThan(5);
  });
});
