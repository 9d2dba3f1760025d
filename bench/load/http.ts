import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: Buffer;
}

/** At least an answer that is measured. */
const READ_BYTES = 65_536;

interface RequestOptions {
  token?: string;
  body?: unknown;
  from?: string;
  /** Encodings of the answer that are taken. */
  accepts?: string;
}

/** One request as its bytes, so that a measured loop does not pay for building it. */
export function requestOf(
  method: string,
  path: string,
  { token, body, from, accepts }: RequestOptions = {},
): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(token ? [`authorization: Bearer ${token}`] : []),
    ...(accepts ? [`accept-encoding: ${accepts}`] : []),
    ...(from ? [`x-forwarded-for: ${from}`] : []),
    ...(text ? ['content-type: application/json'] : []),
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

/**
 * A kept-alive HTTP/1.1 connection with one request at a time: as little work as possible, since
 * the load shares the machine with what it measures.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  constructor(port: number) {
    // One buffer for all that comes: a new one for each read would have to be collected.
    const onread = {
      buffer: Buffer.alloc(READ_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        this.receive(buffer.subarray(0, length) as Buffer);
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.socket.on('error', (error) => this.waiting?.reject(error));
    this.socket.on('close', () => this.waiting?.reject(new Error('The server closed')));
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = null;
    this.socket.destroy();
  }

  private receive(data: Buffer): void {
    if (this.received.length > 0) data = Buffer.concat([this.received, data]);
    if (!this.answer(data)) this.received = Buffer.from(data);
  }

  /** Hands the answer out if it is whole; its body is good until the next request is sent. */
  private answer(data: Buffer): boolean {
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = data.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const whole = end + 4 + length;
    if (data.length < whole) return false;
    this.received = Buffer.from(data.subarray(whole));
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: data.subarray(end + 4, whole) });
    return true;
  }
}

/** Calls the API once. @throws when the answer is no success */
export async function call<T>(
  connection: HttpConnection,
  route: string,
  options: Parameters<typeof requestOf>[2] = {},
): Promise<T> {
  const [method = 'GET', path = ''] = route.split(' ');
  const { status, body } = await connection.send(requestOf(method, `/api${path}`, options));
  if (status >= 300) throw new Error(`${route} answered ${status}: ${body.toString()}`);
  return (body.length > 0 ? JSON.parse(body.toString()) : undefined) as T;
}
