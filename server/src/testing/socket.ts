import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { ClientFrame, ServerFrame } from '@teambrain/contract/socket.ts';

type FrameOf<K extends ServerFrame['frame']> = Extract<ServerFrame, { frame: K }>;
type Cursor = { id: string; after: number };

export interface RawSocket {
  raw: WebSocket;
  /** Everything received so far. */
  frames: ServerFrame[];
  readonly isOpen: boolean;
  send(frame: ClientFrame): void;
  of<K extends ServerFrame['frame']>(kind: K): FrameOf<K>[];
  /** Waits for the n-th (from 1) frame of a kind. */
  next<K extends ServerFrame['frame']>(kind: K, nth?: number): Promise<FrameOf<K>>;
  /** Events in the order they came, whether one by one or in batches. */
  events(space: string): SpaceEvent[];
  seqs(space: string): number[];
  /** Waits until the last event of the space has this seq. */
  reaches(space: string, seq: number): Promise<void>;
  /** Waits for the end; gives the close code. */
  closed(): Promise<number>;
  close(): void;
}

const WITHIN = { timeout: 25_000, interval: 10 };

export const realtimeUrl = (url: string) => `${url.replace('http', 'ws')}/api/realtime`;

/** A bare socket that notes what it hears; it says nothing of its own accord. */
export function rawSocket(url: string, headers: Record<string, string> = {}): RawSocket {
  const raw = new WebSocket(realtimeUrl(url), { headers });
  const frames: ServerFrame[] = [];
  let code: number | null = null;
  raw.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as ServerFrame));
  raw.on('close', (closedWith) => (code = closedWith));
  raw.on('error', () => undefined);
  const of = <K extends ServerFrame['frame']>(kind: K) =>
    frames.filter((frame): frame is FrameOf<K> => frame.frame === kind);
  const events = (space: string) =>
    frames.flatMap((frame) => {
      if (frame.frame === 'event' && frame.event.space === space) return [frame.event];
      return frame.frame === 'events' && frame.space === space ? frame.events : [];
    });
  const seqs = (space: string) => events(space).map(({ seq }) => seq);
  return {
    raw,
    frames,
    get isOpen() {
      return raw.readyState === WebSocket.OPEN;
    },
    send: (frame) => raw.send(JSON.stringify(frame)),
    of,
    next: (kind, nth = 1) =>
      vi.waitFor(
        () => of(kind)[nth - 1] ?? fail(`no ${nth}. ${kind} in ${describe(frames)}`),
        WITHIN,
      ),
    events,
    seqs,
    reaches: (space, seq) =>
      vi.waitFor(() => {
        const last = seqs(space).at(-1) ?? 0;
        if (last < seq) fail(`reached ${last} of ${seq}; ${describe(frames)}`);
      }, WITHIN),
    closed: () => vi.waitFor(() => code ?? fail(`still open after ${describe(frames)}`), WITHIN),
    close: () => raw.close(),
  };
}

/** A socket that said hello and was welcomed. */
export async function openSocket(
  url: string,
  { token, spaces = [], epoch }: { token: string; spaces?: Cursor[]; epoch?: string },
): Promise<RawSocket> {
  const socket = rawSocket(url);
  await opened(socket);
  socket.send({ frame: 'hello', token, protocol: 1, spaces, ...(epoch ? { epoch } : {}) });
  await socket.next('welcome');
  return socket;
}

export const opened = (socket: RawSocket) =>
  vi.waitFor(() => socket.isOpen || fail('the socket did not open'), WITHIN);

const describe = (frames: ServerFrame[]) =>
  frames
    .map(({ frame }) => frame)
    .join(', ')
    .slice(-200);

function fail(what: string): never {
  throw new Error(what);
}
