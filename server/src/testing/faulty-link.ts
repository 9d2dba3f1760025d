import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that a test makes slow or silent, in both directions, and whole again. */
export async function useFaultyLink(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let delay = 0;
  let isHung = false;

  function forward(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (data) => {
      if (isHung) return;
      if (delay === 0) to.write(data);
      else setTimeout(() => to.writable && to.write(data), delay / 2);
    });
  }

  const server = createServer((client) => {
    const upstream = createConnection(Number(port), hostname);
    forward(client, upstream);
    forward(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every answer takes so many milliseconds more. */
    slow: (ms: number) => void (delay = ms),
    /** Connections stay, and are made, but nothing passes: what is said now is lost. */
    hang: () => void (isHung = true),
    heal(): void {
      isHung = false;
      delay = 0;
      // A stream of which a part was lost is of no use.
      for (const socket of sockets) socket.destroy();
    },
  };
}
