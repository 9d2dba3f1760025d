// The least a fan-out can cost: each posted body goes to every socket as one frame.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const server = createServer((request, response) => {
  void bodyOf(request).then((bytes) => {
    for (const socket of sockets.clients) socket.send(bytes, { binary: false });
    response.writeHead(201, { 'content-length': 2 }).end('{}');
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`ready: http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
