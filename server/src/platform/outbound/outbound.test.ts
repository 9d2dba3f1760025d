import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isCallable } from './addresses.ts';
import { MODEL_CAPS, PREVIEW_CAPS, type Caps } from './caps.ts';
import { createOutbound, type Resolve, type Use } from './outbound.ts';
import { OutboundError } from './outbound-error.ts';

/** A real server on loopback, with what reached it. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server: Server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    place: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
  };
}

interface Options {
  named?: string | null;
  use?: Use;
  caps?: Partial<Caps>;
  resolve?: Resolve;
  proxy?: string | null;
}

async function open({ named = null, use = 'preview', caps, resolve, proxy = null }: Options = {}) {
  const outbound = createOutbound({ proxy, ...(resolve ? { resolve } : {}) });
  const base = use === 'model' ? MODEL_CAPS : PREVIEW_CAPS;
  const client = await outbound.client({ use, caps: { ...base, ...caps }, named });
  onTestFinished(() => client.close());
  return { ...client, counts: outbound.counts };
}

const failureOf = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof OutboundError ? error.failure : error;
};

const hello = (_request: IncomingMessage, response: ServerResponse) => void response.end('hello');

describe('an outgoing call', () => {
  it('reaches a private host and port that were named, and no other port of it', async () => {
    const [model, secret] = [await serve(hello), await serve(hello)];
    const { fetch, counts } = await open({ named: model.place });
    expect(await (await fetch(model.url)).text()).toBe('hello');
    expect(await failureOf(fetch(secret.url))).toBe('refused');
    expect(secret.connections()).toBe(0);
    expect(Object.fromEntries(counts)).toEqual({ 'preview answered': 1, 'preview refused': 1 });
  });

  it('reaches no private, reserved or metadata address in whatever spelling', async () => {
    const canary = await serve(hello);
    const { fetch } = await open();
    const hosts = [
      ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0.0.0.0', 'localhost'],
      ...['[::1]', '[::ffff:127.0.0.1]', '[::]', '[fd00::1]', '[fe80::1]', '[64:ff9b::7f00:1]'],
      ...['169.254.169.254', '10.0.0.1', '172.16.3.4', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
    ];
    for (const host of hosts) {
      expect([host, await failureOf(fetch(`http://${host}/`))]).toEqual([host, 'refused']);
      const withPort = fetch(`http://${host}:${canary.port}/`);
      expect([host, await failureOf(withPort)]).toEqual([host, 'refused']);
    }
    expect(canary.connections()).toBe(0);
  });

  it('takes http and https alone, without a user name', async () => {
    const { fetch } = await open({ named: '127.0.0.1:80' });
    const urls = ['file:///etc/passwd', 'gopher://127.0.0.1/', 'data:,x', 'ftp://127.0.0.1/', 'x'];
    for (const url of [...urls, 'http://user:word@127.0.0.1/', 'http://user@127.0.0.1/']) {
      expect([url, await failureOf(fetch(url))]).toEqual([url, 'refused']);
    }
  });

  it('is refused where one address of a name is private', async () => {
    const resolve: Resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const { fetch } = await open({ resolve });
    expect(await failureOf(fetch('http://mixed.example/'))).toBe('refused');
  });

  it('connects to the address that was checked, though the name answers otherwise next time', async () => {
    const canary = await serve(hello);
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      // The first answer is public (and unreachable from here), all later ones are not.
      return [{ address: asked === 1 ? '192.88.99.1' : '127.0.0.1', family: 4 }];
    };
    const { fetch } = await open({ resolve, caps: { headMs: 300, totalMs: 300 } });
    for (let i = 0; i < 4; i += 1) await failureOf(fetch('http://rebinding.example/'));
    expect(asked).toBeGreaterThan(1);
    expect(canary.connections()).toBe(0);
  });

  it('checks each redirect as the first address, and follows three', async () => {
    const secret = await serve(hello);
    const hops = await serve((request, response) => {
      const [, kind = '', left = '0'] = (request.url ?? '').split('/');
      const next = Number(left) > 0 ? `/${kind}/${Number(left) - 1}` : '/end';
      const to = kind === 'inside' ? secret.url : kind === 'scheme' ? 'file:///etc/passwd' : next;
      if (kind === 'end') return void response.end('arrived');
      response.writeHead(302, { location: to }).end();
    });
    const { fetch } = await open({ named: hops.place });
    expect(await (await fetch(`${hops.url}/hop/2`)).text()).toBe('arrived');
    expect(await failureOf(fetch(`${hops.url}/hop/3`))).toBe('refused');
    expect(await failureOf(fetch(`${hops.url}/inside`))).toBe('refused');
    expect(await failureOf(fetch(`${hops.url}/scheme`))).toBe('refused');
    expect(secret.connections()).toBe(0);
  });

  it('gives no key to where a redirect leads', async () => {
    const hops = await serve((request, response) => {
      if (request.url === '/end') return void response.end('arrived');
      response.writeHead(307, { location: '/end' }).end();
    });
    const { fetch } = await open({ named: hops.place });
    await fetch(hops.url, { method: 'POST', body: '{}', headers: { authorization: 'Bearer key' } });
    const [, second] = hops.requests;
    expect(second?.method).toBe('GET');
    expect(second?.headers.authorization).toBeUndefined();
  });

  it('for a model follows no redirect at all', async () => {
    const model = await serve((_, response) => response.writeHead(302, { location: '/x' }).end());
    const { fetch } = await open({ named: model.place, use: 'model' });
    expect(await failureOf(fetch(model.url, { method: 'POST', body: '{}' }))).toBe('refused');
    expect(model.requests).toHaveLength(1);
  });

  it('ends at its size, also where little was sent packed', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const { fetch } = await open({ named: server.place });
    const answer = await fetch(server.url);
    expect(await failureOf(answer.text())).toBe('too-large');
  });

  it('ends in time without an answer, in silence, and drop by drop', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/hang') return;
      response.writeHead(200).write('x');
      if (request.url !== '/drip') return;
      const drip = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(drip));
    });
    const caps = { headMs: 200, idleMs: 200, totalMs: 600 };
    const { fetch } = await open({ named: server.place, caps });
    expect(await failureOf(fetch(`${server.url}/hang`))).toBe('slow');
    expect(await failureOf((await fetch(`${server.url}/silent`)).text())).toBe('slow');
    const begun = performance.now();
    expect(await failureOf((await fetch(`${server.url}/drip`)).text())).toBe('slow');
    expect(performance.now() - begun).toBeGreaterThan(500);
  });

  it('is cut at once when its reader leaves, before and within the answer', async () => {
    let closed = 0;
    const server = await serve((request, response) => {
      response.on('close', () => (closed += 1));
      if (request.url === '/begun') response.writeHead(200).write('x');
    });
    const { fetch } = await open({ named: server.place });
    const early = new AbortController();
    const waiting = failureOf(fetch(`${server.url}/waiting`, { signal: early.signal }));
    await expect.poll(() => server.requests.length).toBe(1);
    early.abort('left');
    expect(await waiting).toBe('left');
    const late = new AbortController();
    const answer = await fetch(`${server.url}/begun`, { signal: late.signal });
    const reading = failureOf(answer.text());
    late.abort('left');
    expect(await reading).toBe('left');
    await expect.poll(() => closed, { timeout: 2_000 }).toBe(2);
  });

  it('goes through the proxy to named hosts only', async () => {
    const model = await serve(hello);
    const tunnels: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', (head) => {
        const [, place = ''] = head.toString().split(' ');
        tunnels.push(place);
        const onward = connect(model.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.pipe(onward).pipe(socket);
        });
        for (const end of [socket, onward]) end.on('error', () => undefined);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const { fetch } = await open({
      named: 'model.internal:8080',
      proxy: `http://127.0.0.1:${port}`,
    });
    expect(await (await fetch('http://model.internal:8080/v1')).text()).toBe('hello');
    expect(tunnels).toEqual(['model.internal:8080']);
    expect(await failureOf(fetch('http://localhost/'))).toBe('refused');
    expect(tunnels).toHaveLength(1);
  });
});

it('an address is callable when it is public, or private and named; metadata never', () => {
  for (const address of ['93.184.216.34', '2606:4700::1111']) {
    expect(isCallable(address, false)).toBe(true);
  }
  for (const address of ['127.0.0.1', '10.1.2.3', '::1', 'fd12::1', '::ffff:192.168.0.9']) {
    expect([address, isCallable(address, false)]).toEqual([address, false]);
    expect([address, isCallable(address, true)]).toEqual([address, true]);
  }
  const never = [
    '169.254.169.254',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '0.0.0.0',
    'fe80::1',
  ];
  for (const address of [...never, '224.0.0.1', '255.255.255.255', 'ff02::1', 'x', '']) {
    expect([address, isCallable(address, true)]).toEqual([address, false]);
  }
});
