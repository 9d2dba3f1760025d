import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHintTamper, frameEnd } from './hints.ts';
import { FaultProxy } from './proxy.ts';
import { createRng } from '../rng.ts';

/** An echo behind a proxy. */
async function useProxy() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => socket.write(data));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await new FaultProxy({ target: () => ({ name: 'echo', port }) }).listen();
  onTestFinished(async () => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}

/** A connection through it, with what it heard and how it ended. */
function dial(proxy: FaultProxy) {
  const socket = connect(proxy.port, '127.0.0.1');
  const heard = { text: '', end: '' };
  socket.on('data', (data) => (heard.text += data.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (heard.end = error.code ?? 'error'));
  socket.on('close', () => (heard.end ||= 'closed'));
  onTestFinished(() => void socket.destroy());
  const has = (text: string) => vi.waitFor(() => expect(heard.text).toBe(text), { timeout: 5_000 });
  const ends = (how: string) => vi.waitFor(() => expect(heard.end).toBe(how), { timeout: 5_000 });
  return { socket, heard, has, ends };
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 100));

describe('the fault proxy', () => {
  it('passes everything, and holds it back without a word while stalled', async () => {
    const proxy = await useProxy();
    const old = dial(proxy);
    old.socket.write('one ');
    await old.has('one ');
    proxy.setFlow('stall');
    old.socket.write('two ');
    const late = dial(proxy);
    late.socket.write('late');
    await moment();
    expect([old.heard, late.heard]).toEqual([
      { text: 'one ', end: '' },
      { text: '', end: '' },
    ]);
    proxy.setFlow('pass');
    await old.has('one two ');
    await late.has('late');
  });

  it('half-open: what stands is held, what is new passes', async () => {
    const proxy = await useProxy();
    const old = dial(proxy);
    old.socket.write('one');
    await old.has('one');
    proxy.hold();
    old.socket.write('two');
    const fresh = dial(proxy);
    fresh.socket.write('new');
    await fresh.has('new');
    expect(old.heard).toEqual({ text: 'one', end: '' });
    proxy.reset();
    await old.ends('ECONNRESET');
  });

  it('refuses, and resets only the sockets it is told to', async () => {
    const proxy = await useProxy();
    const web = dial(proxy);
    web.socket.write('GET /api/realtime HTTP/1.1');
    const http = dial(proxy);
    http.socket.write('GET /api/me HTTP/1.1');
    await http.has('GET /api/me HTTP/1.1');
    await web.has('GET /api/realtime HTTP/1.1');
    proxy.reset({ socketsOnly: true });
    await web.ends('ECONNRESET');
    expect(http.heard.end).toBe('');
    proxy.setFlow('refuse');
    await http.ends('ECONNRESET');
    await dial(proxy).ends('ECONNRESET');
  });

  it('cuts the answer to a write, and to nothing else', async () => {
    const proxy = await useProxy();
    proxy.cutNextAnswer();
    const reads = dial(proxy);
    reads.socket.write('GET /api/me');
    await reads.has('GET /api/me');
    const writes = dial(proxy);
    writes.socket.write('POST /api/x');
    await writes.ends('ECONNRESET');
    expect([writes.heard.text, proxy.cut]).toEqual(['', 1]);
    const again = dial(proxy);
    again.socket.write('POST /api/x');
    await again.has('POST /api/x');
  });
});

describe('tampering with hints', () => {
  const hint = (n: number) => {
    const text = String(n).padStart(4, '0');
    return Buffer.from(`*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\n${text}\r\n`);
  };
  const pong = Buffer.from('*2\r\n$4\r\npong\r\n$0\r\n\r\n');

  it('finds the ends of values however they are cut', () => {
    expect(frameEnd(Buffer.from('+OK\r\n:1\r\n'), 0)).toBe(5);
    expect(frameEnd(hint(1), 0)).toBe(hint(1).length);
    for (let end = 0; end < hint(1).length; end += 1) {
      expect(frameEnd(hint(1).subarray(0, end), 0)).toBe(-1);
    }
    expect(frameEnd(Buffer.from('$-1\r\n'), 0)).toBe(5);
  });

  it('drops, doubles and swaps hints, and leaves every other value as it came', () => {
    const tamper = createHintTamper(createRng(1));
    const all = Buffer.concat(Array.from({ length: 200 }, (_, n) => [hint(n), pong]).flat());
    const through = () => {
      const transform = tamper.transform();
      const parts: Buffer[] = [];
      for (let at = 0; at < all.length; at += 11)
        parts.push(...transform(all.subarray(at, at + 11)));
      return Buffer.concat(parts).toString();
    };
    expect(through()).toBe(all.toString());
    tamper.isOn = true;
    const changed = through();
    expect(changed.split('pong')).toHaveLength(201);
    const seen = [...changed.matchAll(/\$4\r\n(\d{4})/g)].map(([, n]) => Number(n));
    expect(new Set(seen).size).toBeLessThan(160);
    expect(seen.length).toBeGreaterThan(new Set(seen).size);
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
    expect(tamper.count).toBeGreaterThan(80);
  });
});
