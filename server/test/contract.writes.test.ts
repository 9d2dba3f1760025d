import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { logout, refresh } from '@teambrain/contract/auth.ts';
import { columnsOf, digestOf } from './support/database.ts';
import { nameOf, outcomeOf, requestOf, type Input } from './support/http.ts';
import { good, misfits } from './support/misfits.ts';
import { createWorld, logIn, type World } from './support/world.ts';

let world: World;
let columns: string[];

beforeAll(async () => {
  world = await createWorld();
  columns = await columnsOf(world.app);
  await world.app.followers.idle();
});
afterAll(() => world.app.close());

const withBody = endpoints
  .filter(({ body }) => body)
  .map((endpoint) => [nameOf(endpoint), endpoint] as const);

describe('mass assignment', () => {
  it.each(withBody)('%s refuses every column of the database', async (_, endpoint) => {
    const sent = good(world, endpoint);
    const body = JSON.parse(String(sent.body)) as Record<string, unknown>;
    const before = await digestOf(world.app);
    const variants = columns.flatMap((column) =>
      placesIn(body, column).map((extended) => {
        return [column, { ...sent, body: JSON.stringify(extended) }] as const;
      }),
    );
    expect(await misfits(world, variants, (_status, code) => code === 'invalid-request')).toEqual(
      [],
    );
    expect(await digestOf(world.app)).toEqual(before);
    expect(variants.length).toBeGreaterThan(50);
  });

  /** The body with the name added, on the top and in each object in it; not where it belongs. */
  function placesIn(body: Record<string, unknown>, column: string): Record<string, unknown>[] {
    const extra = { [column]: true };
    const nested = Object.entries(body).filter(
      (entry): entry is [string, object] =>
        typeof entry[1] === 'object' && entry[1] !== null && !Array.isArray(entry[1]),
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
