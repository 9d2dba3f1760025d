import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Sockets in one batch of connections; a server lets only so many wait for their hello. */
const BATCH = 100;
const WITHIN_MS = 20_000;

export interface Receivers {
  /** Event frames received so far, over all sockets. */
  count(): number;
  /** Called at every event frame. */
  onFrame: (() => void) | null;
  close(): void;
}

/**
 * Opens WebSockets that only count what comes. Their frames are taken apart by hand and not by a
 * library, since the receiving end shares the machine with the server it measures.
 */
export async function openSockets(
  port: number,
  path: string,
  count: number,
  hello: (n: number) => object | null,
): Promise<Receivers> {
  const sockets: Socket[] = [];
  let frames = 0;
  const receivers: Receivers = {
    count: () => frames,
    onFrame: null,
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
  const onEvent = () => {
    frames += 1;
    receivers.onFrame?.();
  };
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, k) =>
      openOne(port, path, hello(first + k), onEvent),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return receivers;
}

/** What opens a WebSocket. */
export const handshake = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`;

/**
 * Resolves once the socket is open and, with a hello, subscribed: from a cursor of the future,
 * which the server answers with a reset to the head.
 */
function openOne(
  port: number,
  path: string,
  hello: object | null,
  onEvent: () => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => reject(new Error('A socket did not open in time')), WITHIN_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(socket);
    };
    socket.on('error', reject);
    socket.write(handshake(path));
    let rest: Buffer = Buffer.alloc(0);
    let isUpgraded = false;
    socket.on('data', (data) => {
      rest = rest.length > 0 ? Buffer.concat([rest, data]) : data;
      if (!isUpgraded) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!rest.toString('latin1', 0, 12).endsWith('101')) {
          reject(new Error(`No upgrade: ${rest.toString()}`));
          return;
        }
        isUpgraded = true;
        rest = rest.subarray(end + 4);
        if (hello) socket.write(masked(JSON.stringify(hello)));
        else done();
      }
      rest = readFrames(rest, (payload) => {
        const kind = payload.toString('latin1', 10, 19);
        if (kind.startsWith('event"')) onEvent();
        else if (kind.startsWith('reset"')) done();
        else if (!/^(?:welcome|beat|events)"/.test(kind)) {
          reject(new Error(`Unexpected frame: ${payload.toString('utf8', 0, 300)}`));
        }
      });
    });
  });
}

/** Hands over whole frames of a server (unmasked) and gives back what is left. */
function readFrames(bytes: Buffer, onFrame: (payload: Buffer) => void): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (bytes.length < at + 4) break;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    } else if (length === 127) {
      if (bytes.length < at + 10) break;
      length = Number(bytes.readBigUInt64BE(at + 2));
      start = at + 10;
    }
    if (bytes.length < start + length) break;
    const isText = ((bytes[at] ?? 0) & 0x0f) === 1;
    if (isText) onFrame(bytes.subarray(start, start + length));
    at = start + length;
  }
  return at > 0 ? bytes.subarray(at) : bytes;
}

/** A short or middling text frame of a client, masked as the protocol demands. */
export function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head = Buffer.alloc(4);
  head[0] = 0x81;
  head[1] = 0x80 | 126;
  head.writeUInt16BE(payload.length, 2);
  for (let n = 0; n < payload.length; n += 1) payload[n] = (payload[n] ?? 0) ^ (mask[n % 4] ?? 0);
  return Buffer.concat([head, mask, payload]);
}
