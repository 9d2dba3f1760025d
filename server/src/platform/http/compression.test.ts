import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { packingFor } from './compression.ts';

let app: TestApp;
let owner: Person;
let messages: string;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  const space = await createSpace(owner);
  for (const n of upTo(20)) await post(owner, space, `Ähnliche Wörter, Nachricht ${n}`);
  messages = `/api/spaces/${space}/messages`;
});
afterAll(() => app.close());

/** The answer as it came over the wire; `fetch` would unpack it. */
function raw(path: string, accept?: string) {
  const headers = {
    authorization: `Bearer ${owner.token}`,
    ...(accept === undefined ? {} : { 'accept-encoding': accept }),
  };
  return new Promise<{ body: Buffer; encoding?: string; vary?: string; length?: string }>(
    (resolve, reject) => {
      get(`${app.url}${path}`, { headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const { vary, 'content-encoding': encoding, 'content-length': length } = response.headers;
          const body = Buffer.concat(parts);
          resolve({
            body,
            ...(encoding ? { encoding } : {}),
            ...(vary ? { vary } : {}),
            ...(length ? { length } : {}),
          });
        });
      }).on('error', reject);
    },
  );
}

it('a long answer is compressed as the caller takes it, and says the same', async () => {
  const plain = await raw(messages);
  expect(plain).toMatchObject({ vary: 'accept-encoding', length: String(plain.body.length) });
  expect(plain.encoding).toBeUndefined();
  for (const [accept, encoding, unpack] of [
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ] as const) {
    const packed = await raw(messages, accept);
    expect(packed).toMatchObject({ encoding, vary: 'accept-encoding' });
    expect(packed.length).toBe(String(packed.body.length));
    expect(packed.body.length).toBeLessThan(plain.body.length / 3);
    expect(unpack(packed.body).equals(plain.body)).toBe(true);
  }
});

it('a short answer goes as it is', async () => {
  const { body, encoding } = await raw(`${messages}?limit=1`, 'br');
  expect(encoding).toBeUndefined();
  expect(JSON.parse(body.toString())).toMatchObject({ items: [{ text: expect.any(String) }] });
});

it.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['deflate', null],
  ['gzip;q=0, br;q=0', null],
  ['hamster, *;q=0', null],
  ['br;q=0.1, gzip;q=0.9', 'gzip'],
  ['*', 'br'],
])('of %j it takes %s', (accept, packing) => {
  expect(packingFor(accept)).toBe(packing);
});
