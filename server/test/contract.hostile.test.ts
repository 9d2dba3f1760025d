import { gzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import {
  badBodies,
  badTypes,
  oddHeaders,
  oddMethods,
  oddPaths,
  oddTypes,
} from './contract.hostile.ts';
import { nameOf, sendBytes, type Sent } from './support/http.ts';
import { good, misfits } from './support/misfits.ts';
import { failuresIn } from './support/sound.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.app.close());

const named = endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);
const withBody = named.filter(([, { body }]) => body);

describe('a body', () => {
  it.each(withBody)('that is no good is refused by %s', async (_, endpoint) => {
    const { headers, ...sent } = good(world, endpoint);
    const variants = Object.entries(badBodies).map(
      ([name, body]) => [name, { ...sent, headers, body }] as const,
    );
    expect(await misfits(world, variants, (status) => status === 400)).toEqual([]);
  });

  it.each(withBody)('of another content type is refused by %s', async (_, endpoint) => {
    const sent = good(world, endpoint);
    const variants = badTypes.map((type) => {
      return [type, { ...sent, headers: { ...sent.headers, 'content-type': type } }] as const;
    });
    const codes = ['unsupported-media-type', 'invalid-request'];
    expect(await misfits(world, variants, (_status, code) => codes.includes(code))).toEqual([]);
  });

  it.each(withBody)(
    'of an oddly spelled content type is still checked by %s',
    async (_, endpoint) => {
      const sent = good(world, endpoint);
      const variants = oddTypes.map((type) => {
        const headers = { ...sent.headers, 'content-type': type };
        return [type, { ...sent, headers, body: '{"unknown":1}' }] as const;
      });
      expect(await misfits(world, variants, (status) => status === 400 || status === 415)).toEqual(
        [],
      );
    },
  );

  it.each(withBody)('that is too large is refused by %s', async (_, endpoint) => {
    const sent = good(world, endpoint);
    const size = (endpoint.maxBody ?? 65_536) + 1;
    const plain = Buffer.alloc(size, ' ');
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    const packed = { ...sent.headers, 'content-encoding': 'gzip' };
    const variants: [string, Sent][] = [
      ['plain', { ...sent, body: plain }],
      ['unpacked', { ...sent, headers: packed, body: bomb }],
    ];
    const codes = ['too-large', 'unsupported-media-type'];
    expect(await misfits(world, variants, (_status, code) => codes.includes(code))).toEqual([]);
  });
});

describe('an address', () => {
  it('that leads nowhere says so, with any method', async () => {
    const headers = { authorization: `Bearer ${world.cast.owner.token}` };
    const methods = ['GET', 'HEAD', 'POST', ...oddMethods];
    const variants = oddPaths.flatMap((path) =>
      methods.map((method) => [`${method} ${path}`, { method, path, headers }] as const),
    );
    expect(await misfits(world, variants, (status) => status >= 400 || status === 200)).toEqual([]);
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
      const { path: address } = good(world, first);
      return ['GET', 'HEAD', 'POST', ...oddMethods]
        .filter((method) => !taken.has(method))
        .map((method) => {
          const headers = { authorization: `Bearer ${token}` };
          return [`${method} ${path}`, { method, path: address, headers }] as const;
        });
    });
    expect(await misfits(world, variants, (status) => status === 404 || status === 405)).toEqual(
      [],
    );
    expect(variants.length).toBeGreaterThan(100);
  });
});

describe('a header', () => {
  const reads = named.filter(([, { method }]) => method === 'GET');
  it.each(reads)('of any kind leaves %s sound', async (_, endpoint) => {
    const sent = good(world, endpoint);
    const variants = oddHeaders.flatMap((odd) =>
      ['GET', 'HEAD'].map((method) => {
        const headers = { ...sent.headers, ...odd };
        return [
          `${method} ${JSON.stringify(odd).slice(0, 80)}`,
          { ...sent, method, headers },
        ] as const;
      }),
    );
    expect(await misfits(world, variants)).toEqual([]);
  });

  it.each(withBody)('of any kind leaves %s sound', async (_, endpoint) => {
    const sent = good(world, endpoint);
    // What the body is refused for, so that nothing is written by these.
    const body = '{"unknown":1}';
    const variants = oddHeaders.map((odd) => {
      const headers = { ...sent.headers, ...odd };
      return [JSON.stringify(odd).slice(0, 80), { ...sent, body, headers }] as const;
    });
    expect(await misfits(world, variants, (status) => status >= 400)).toEqual([]);
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

describe('in all of this', () => {
  it('nothing failed inside', () => {
    expect(failuresIn(world.app.logged())).toEqual([]);
  });

  it('the process is alive and the data are there', async () => {
    const { status } = await world.send({ method: 'GET', path: '/readyz' });
    const found = await world.app.database.db.execute(sql`select 1 from users`);
    expect(status).toBe(200);
    expect(found.rows.length).toBeGreaterThan(0);
  });
});
