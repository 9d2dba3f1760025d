import { request as ask } from 'node:http';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

const BASE_URL = 'https://Brain.example.org:8443';
let plain: TestApp;
let based: TestApp;

beforeAll(async () => {
  plain = await createTestApp({ config: { trustedProxies: ['127.0.0.1'] } });
  based = await createTestApp({ config: { baseUrl: new URL(BASE_URL).origin } });
});
afterAll(() => Promise.all([plain.close(), based.close()]));

/** What is answered when the Host header says this; a fetch would not let us say it. */
function askAs(app: TestApp, host: string, path = '/api/instance', headers = {}) {
  const { port } = app.http.server.address() as { port: number };
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers: { ...headers, host } };
    const sent = ask(options, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (part: string) => (text += part));
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          type: reply.headers['content-type'] ?? '',
          text,
        }),
      );
    });
    sent.on('upgrade', (reply, socket) => {
      socket.destroy();
      resolve({ status: reply.statusCode ?? 0, type: '', text: '' });
    });
    sent.on('error', reject).end();
  });
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const OWN = hostname().toLowerCase();
const SERVED = [
  ...['127.0.0.1', '127.0.0.1:3000', '192.168.1.7:3000', '[::1]:3000', '[2001:db8::5]'],
  ...['localhost', 'localhost:5173', 'LocalHost.', 'brain.localhost:80'],
  ...[OWN, `${OWN}:3000`, OWN.toUpperCase(), `${OWN.split('.')[0]}.local`, `${OWN}.`],
];
const FOREIGN = [
  ...['evil.example', 'evil.example:3000', 'brain.example.org', 'brain', `${OWN}.evil.example`],
  ...['127.0.0.1.nip.io', 'localhost.evil.example', 'notlocalhost', 'x@localhost'],
  ...['[evil.example]', '[::1', '0x7f.1', '127.1', '2130706433', 'localhost,evil.example', ':80'],
  ...['::1', 'localhost/evil', 'a b', '.local', `x${OWN}`, 'local', '..'],
];

describe('without BASE_URL', () => {
  it.each(SERVED)('%s is served, with its sockets', async (host) => {
    expect((await askAs(plain, host)).status).toBe(200);
    expect((await askAs(plain, host, '/api/realtime', upgrade)).status).toBe(101);
  });

  it.each(FOREIGN)('%s gets nothing: no answer, no app, no socket', async (host) => {
    const reply = await askAs(plain, host);
    expect(reply).toMatchObject({ status: 421, type: /problem\+json/ });
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'unknown-host', status: 421 });
    for (const path of ['/', '/api/docs/', '/api/openapi.json', '/assets/x.js', '/livez/..']) {
      expect((await askAs(plain, host, path)).status, path).toBe(421);
    }
    expect((await askAs(plain, host, '/api/realtime', upgrade)).status).toBe(421);
  });

  it('a forwarded name counts for nothing', async () => {
    const claims = ['x-forwarded-host', 'x-host', 'x-original-host', 'forwarded'];
    for (const name of claims) {
      const value = name === 'forwarded' ? 'host=localhost' : 'localhost';
      expect((await askAs(plain, 'evil.example', '/', { [name]: value })).status).toBe(421);
      expect((await askAs(plain, 'localhost', '/api/instance', { [name]: 'evil' })).status).toBe(
        200,
      );
    }
  });

  it('a person reads what to set, with the name as text', async () => {
    const html = { accept: 'text/html,*/*' };
    const reply = await askAs(plain, '"><script>alert(1)</script>&\'.example', '/', html);
    expect(reply.status).toBe(421);
    expect(reply.type).toMatch(/text\/html/);
    expect(reply.text).toContain('BASE_URL');
    expect(reply.text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;');
    expect(reply.text).not.toMatch(/<script|id="root"/);
    expect((await askAs(plain, 'x'.repeat(4_000), '/', html)).text.length).toBeLessThan(3_000);
  });

  it('probes answer under any name', async () => {
    for (const path of ['/livez', '/readyz', '/readyz?now=1']) {
      expect((await askAs(plain, 'app-1:3000', path)).status).toBe(200);
    }
    expect((await askAs(plain, 'app-1:3000', '/metrics')).status).toBe(404);
  });
});

describe('with BASE_URL', () => {
  it('its name is served at any port, and what is served without it', async () => {
    const own = ['brain.example.org', 'brain.example.org:8443', 'BRAIN.example.org:3000'];
    for (const host of [...own, ...SERVED]) {
      expect((await askAs(based, host)).status, host).toBe(200);
      expect((await askAs(based, host, '/api/realtime', upgrade)).status, host).toBe(101);
    }
  });

  it('other names are not', async () => {
    const others = ['example.org', 'x.brain.example.org', 'evil.example', 'app-1:3000'];
    for (const host of others) {
      expect((await askAs(based, host)).status, host).toBe(421);
      expect((await askAs(based, host, '/api/realtime', upgrade)).status, host).toBe(421);
    }
  });

  it('a trusted proxy may call us by the name it has for us, which has no dot', async () => {
    const config = { baseUrl: 'https://brain.example.org', trustedProxies: ['127.0.0.1'] };
    const app = await createTestApp({ config });
    const statusOf = async (host: string) => (await askAs(app, host)).status;
    expect([await statusOf('app-1:3000'), await statusOf('evil.example')]).toEqual([200, 421]);
    await app.close();
    expect((await askAs(plain, 'app-1:3000')).status).toBe(421);
  });
});

it('HOST may be a name, which is served', async () => {
  const app = await createTestApp({ config: { host: 'localhost' } });
  expect((await askAs(app, 'localhost')).status).toBe(200);
  await app.close();
});
