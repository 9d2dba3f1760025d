import { WebSocket, type ClientOptions } from 'ws';
import type { ServerFrame } from '@teambrain/contract/socket.ts';

type FrameOf<F extends ServerFrame['frame']> = Extract<ServerFrame, { frame: F }>;

export interface TestSocket {
  /** Every frame so far, parsed. */
  frames: ServerFrame[];
  /** Every byte that came, as text. */
  received(): string;
  send(frame: unknown): void;
  sendRaw(data: string | Buffer, isBinary?: boolean): void;
  /** The first frame that fits, from the start or when it comes. */
  find<F extends ServerFrame['frame']>(
    kind: F,
    fits?: (frame: FrameOf<F>) => boolean,
  ): Promise<FrameOf<F>>;
  /** Waits until what was received fits. */
  until(fits: (received: string) => boolean): Promise<void>;
  /** The close code, once closed. */
  closed: Promise<number>;
  isOpen(): boolean;
  end(): Promise<void>;
}

const PATIENCE_MS = 8_000;

/** A bare WebSocket of `/api/realtime` that keeps what it receives. */
export async function openSocket(url: string, options: ClientOptions = {}): Promise<TestSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/realtime`, options);
  const frames: ServerFrame[] = [];
  const raw: string[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    raw.push(data.toString());
    frames.push(JSON.parse(data.toString()) as ServerFrame);
    for (const check of [...watchers]) check();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));

  const received = () => raw.join('\n');
  /** Looks now and after every frame until something is found. */
  function watch<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        watchers.delete(check);
      };
      const check = () => {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${what} in time, only: ${received().slice(-500)}`));
      }, PATIENCE_MS);
      watchers.add(check);
      check();
    });
  }

  return {
    frames,
    received,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data, isBinary = false) => socket.send(data, { binary: isBinary }),
    find: <F extends ServerFrame['frame']>(
      kind: F,
      fits: (frame: FrameOf<F>) => boolean = () => true,
    ) =>
      watch(`${kind} frame`, () =>
        frames.find((f): f is FrameOf<F> => f.frame === kind && fits(f as never)),
      ),
    until: (fits) =>
      watch('such frame', () => (fits(received()) ? null : undefined)).then(() => undefined),
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    async end() {
      socket.close();
      await closed;
    },
  };
}

export const helloOf = (token: string, spaces: { id: string; after: number }[] = []) => ({
  frame: 'hello',
  token,
  protocol: 1,
  spaces,
});

/** A socket that said hello and was welcomed. */
export async function connectAs(url: string, token: string): Promise<TestSocket> {
  const socket = await openSocket(url);
  socket.send(helloOf(token));
  await socket.find('welcome');
  return socket;
}
