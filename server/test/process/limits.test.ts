import { describe, expect, it } from 'vitest';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { createSender } from '../support/http.ts';

const instance = { method: 'GET', path: '/api/instance' };

describe('numbers that the administrator sets', () => {
  it('are those by which requests are let through, and the others stay', async () => {
    const server = startServer({ DATA_DIR: newDataFolder(), LIMITS: 'read=7/3, search=4/60' });
    await server.ready();
    const send = createSender(server.url);
    const replies = await Promise.all(Array.from({ length: 12 }, () => send(instance)));
    const refused = replies.filter(({ status }) => status === 429);
    expect(replies.length - refused.length).toBe(7);
    for (const { headers } of replies) expect(headers['ratelimit-policy']).toBe('"read";q=7;w=3');
    const seconds = Math.max(...refused.map(({ headers }) => Number(headers['retry-after'])));
    expect(seconds).toBeLessThanOrEqual(3);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await send(instance)).status).toBe(200);

    const search = await send({ method: 'GET', path: '/api/search?q=x' });
    expect(search.headers['ratelimit-policy']).toBe('"search";q=4;w=60');
    const refresh = await send({ method: 'POST', path: '/api/auth/refresh' });
    expect(JSON.parse(refresh.text)).toEqual({ user: null });
    expect(refresh.headers['ratelimit-policy']).toBe('"refresh";q=120;w=60');
  }, 90_000);

  it('that it cannot follow stop the start, with a sentence that says what it knows', async () => {
    const server = startServer({ DATA_DIR: newDataFolder(), LIMITS: 'read=700/60, write=0/60' });
    expect(await server.ended()).toBe(1);
    expect(server.output).toMatch(/LIMITS must be like .*write=120\/60.*it knows login, /);
    expect(server.url).toBe('');
  }, 90_000);
});
