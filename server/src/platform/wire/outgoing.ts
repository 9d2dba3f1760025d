import type { Socket } from 'node:net';

/** Bytes that may wait unsent, and how long they may without progress. */
export interface OutgoingLimits {
  /** Of one user, or before sign-in of one address, over all connections. */
  each: number;
  /** Of all together. */
  all: number;
  /** Milliseconds without progress after which a connection is closed. */
  stuckMs: number;
}

export const OUTGOING: OutgoingLimits = {
  each: 8 * 1_048_576,
  all: 32 * 1_048_576,
  stuckMs: 10_000,
};

/** Where half of all that may wait does wait, those without progress for so long are closed. */
const PRESSED_MS = 2_000;
/** Fewer bytes are no progress: who takes a byte now and then holds the rest as one who takes none. */
const LEAST_STEP = 4_096;
/** A share of `each` that everybody may have waiting, however much waits of others. */
const SMALL = 1 / 16;

/** A connection as it is written to. */
export interface Writable {
  readonly socket: Socket;
  /** Whose bytes these are: a user, or an address. */
  owner: string;
  /** Whether somebody else looks after readers without progress (sockets have more patience). */
  isPatient: boolean;
}

interface Lag {
  writable: Writable;
  owner: string;
  unsent: number;
  /** Buffers that wait here, and where in the connection's stream of bytes each ends. */
  chunks: { bytes: Buffer; end: number }[];
  /** Bytes of these. */
  chunked: number;
  /** Bytes that had left at the last progress, and when that was. */
  left: number;
  since: number;
}

/**
 * The one account of what waits to be sent, over all connections. Bytes are counted as they lie in
 * memory: a buffer that waits for many readers (a frame of the fan-out, a kept page) counts once.
 * Where a user's or everybody's bytes become too many, the connection is closed that has gone without
 * progress for the longest, of the one who has most waiting.
 */
export class Outgoing {
  /** Connections closed here: without progress, or because too much waited. */
  readonly closed = { stuck: 0, full: 0 };
  private readonly limits: OutgoingLimits;
  private readonly lags = new Map<Socket, Lag>();
  /** How many connections each waiting buffer waits for. */
  private readonly readers = new Map<Buffer, number>();
  private readonly owed = new Map<string, number>();
  private waiting = 0;

  constructor(limits: OutgoingLimits) {
    this.limits = limits;
  }

  /** Bytes in memory that wait to be sent. */
  get total(): number {
    return this.waiting;
  }

  /** Whether more may be made for someone now; of those with little waiting always. */
  hasRoom(owner: string): boolean {
    const { each, all } = this.limits;
    return this.waiting < all / 2 || (this.owed.get(owner) ?? 0) < each * SMALL;
  }

  /** To be called after something was written; `bytes` is what may be waiting for others as well. */
  note(writable: Writable, bytes: Buffer | null = null): void {
    const { socket } = writable;
    if (socket.writableLength === 0 && !this.lags.has(socket)) return;
    const lag = this.lags.get(socket) ?? this.begin(writable);
    if (bytes && socket.writableLength > 0) {
      this.account(lag, () => {
        lag.chunks.push({ bytes, end: socket.bytesWritten });
        lag.chunked += bytes.length;
        this.addReader(bytes);
      });
    }
    this.measure(lag);
    const { each, all } = this.limits;
    if ((this.owed.get(lag.owner) ?? 0) > each || this.waiting > all) this.relieve();
  }

  /** Looks at all that wait; to be called every now and then, with all connections there are. */
  sweep(writables: Iterable<Writable>): void {
    for (const writable of writables) if (writable.socket.writableLength > 0) this.note(writable);
    const isPressed = this.waiting > this.limits.all / 2;
    const now = performance.now();
    for (const lag of [...this.lags.values()]) {
      this.measure(lag);
      const { isPatient } = lag.writable;
      const patience = isPressed ? PRESSED_MS : isPatient ? Infinity : this.limits.stuckMs;
      if (lag.unsent > 0 && now - lag.since > patience) this.end(lag, 'stuck');
    }
  }

  private begin(writable: Writable): Lag {
    const { socket, owner } = writable;
    const lag: Lag = {
      writable,
      owner,
      unsent: 0,
      chunks: [],
      chunked: 0,
      left: socket.bytesWritten - socket.writableLength,
      since: performance.now(),
    };
    this.lags.set(socket, lag);
    return lag;
  }

  /** Brings the account up to what the connection has taken. */
  private measure(lag: Lag): void {
    const { socket } = lag.writable;
    const unsent = socket.destroyed ? 0 : socket.writableLength;
    const left = unsent === 0 ? Infinity : socket.bytesWritten - unsent;
    this.account(lag, () => {
      lag.unsent = unsent;
      while (lag.chunks[0] && lag.chunks[0].end <= left) {
        const { bytes } = lag.chunks.shift() as Lag['chunks'][number];
        lag.chunked -= bytes.length;
        this.dropReader(bytes);
      }
    });
    if (unsent === 0) this.lags.delete(socket);
    else if (left - lag.left >= LEAST_STEP) {
      lag.left = left;
      lag.since = performance.now();
    }
  }

  /** Changes what a connection has waiting, and the sums with it. */
  private account(lag: Lag, change: () => void): void {
    const own = () => Math.max(0, lag.unsent - lag.chunked);
    const [ownBefore, before] = [own(), lag.unsent];
    change();
    this.waiting += own() - ownBefore;
    const owed = (this.owed.get(lag.owner) ?? 0) + lag.unsent - before;
    if (owed > 0) this.owed.set(lag.owner, owed);
    else this.owed.delete(lag.owner);
  }

  private addReader(bytes: Buffer): void {
    const count = this.readers.get(bytes) ?? 0;
    if (count === 0) this.waiting += bytes.length;
    this.readers.set(bytes, count + 1);
  }

  private dropReader(bytes: Buffer): void {
    const count = (this.readers.get(bytes) ?? 1) - 1;
    if (count > 0) return void this.readers.set(bytes, count);
    this.readers.delete(bytes);
    this.waiting -= bytes.length;
  }

  /** Closes connections until everybody's bytes, and those of all, are within bounds. */
  private relieve(): void {
    for (const lag of [...this.lags.values()]) this.measure(lag);
    const { each, all } = this.limits;
    for (;;) {
      const [owner, owed] = this.largest();
      if (owed <= each && this.waiting <= all) return;
      const slowest = this.slowestOf(owner);
      if (!slowest) return;
      this.end(slowest, 'full');
    }
  }

  private largest(): [owner: string, owed: number] {
    let most: [string, number] = ['', 0];
    for (const entry of this.owed) if (entry[1] > most[1]) most = entry;
    return most;
  }

  private slowestOf(owner: string): Lag | null {
    let slowest: Lag | null = null;
    for (const lag of this.lags.values()) {
      if (lag.owner === owner && (!slowest || lag.since < slowest.since)) slowest = lag;
    }
    return slowest;
  }

  private end(lag: Lag, why: 'stuck' | 'full'): void {
    this.closed[why] += 1;
    lag.writable.socket.destroy();
    this.measure(lag);
  }
}
