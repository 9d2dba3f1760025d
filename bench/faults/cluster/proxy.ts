import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Target {
  name: string;
  port: number;
}

export interface ProxyOptions {
  /** Where the next connection goes; null refuses it. */
  target(): Target | null;
  /** A target that took no connection; another is asked for. */
  onUnreachable?(target: Target): void;
  /** Changes what comes from the target; made anew for each connection. */
  transform?(): (chunk: Buffer) => Buffer[];
}

/** `stall`: nothing passes and nobody is told, as behind a cut cable; it goes on when lifted. */
export type Flow = 'pass' | 'refuse' | 'stall';

/** What can be done to a line, from wherever. */
export interface Line {
  readonly port: number;
  /** Changes what happens to all connections, those that stand included. */
  setFlow(flow: Flow): void;
  /** Bytes per second towards the one who connected; 0 for all there is. */
  limit(bandwidth: number): void;
  /** Holds the connections that stand, without a word; new ones pass (half-open). */
  hold(): void;
  /** Resets connections: all, those of WebSockets, or those to one target. */
  reset(which?: { socketsOnly?: boolean; target?: string }): void;
  /** Cuts the connection instead of passing on the next answer to a write (ambiguous commit). */
  cutNextAnswer(): void;
}

interface Pair {
  near: Socket;
  far: Socket | null;
  target: string;
  /** Whether it carries a WebSocket. */
  isSocket: boolean;
  /** Whether a write was asked on it and not answered. */
  isWrite: boolean;
  isHeld: boolean;
  drip: NodeJS.Timeout | null;
}

const TRIES = 4;

/** A TCP proxy on a loopback port of its own, whose connections can be made to fail in many ways. */
export class FaultProxy implements Line {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #flow: Flow = 'pass';
  #bandwidth = 0;
  #cuts = 0;
  /** How many answers were cut off. */
  cut = 0;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (near) => this.#accept(near));
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  setFlow(flow: Flow): void {
    this.#flow = flow;
    if (flow === 'refuse') this.reset();
    for (const pair of this.#pairs) this.#hold(pair, flow === 'stall');
  }

  limit(bandwidth: number): void {
    this.#bandwidth = bandwidth;
  }

  hold(): void {
    for (const pair of this.#pairs) this.#hold(pair, true);
  }

  reset(which: { socketsOnly?: boolean; target?: string } = {}): void {
    for (const pair of [...this.#pairs]) {
      if (which.socketsOnly && !pair.isSocket) continue;
      if (which.target !== undefined && pair.target !== which.target) continue;
      this.#end(pair, true);
    }
  }

  cutNextAnswer(): void {
    this.#cuts += 1;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const pair of [...this.#pairs]) this.#end(pair, true);
    await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    const isSocket = false;
    const pair: Pair = {
      near,
      far: null,
      target: '',
      isSocket,
      isWrite: false,
      isHeld: this.#flow === 'stall',
      drip: null,
    };
    this.#pairs.add(pair);
    near.pause();
    near.on('error', () => undefined);
    near.on('close', () => this.#end(pair, false));
    if (this.#flow === 'refuse') return this.#end(pair, true);
    if (!pair.isHeld) this.#dial(pair, 0);
  }

  #dial(pair: Pair, tries: number): void {
    const target = tries < TRIES ? this.#options.target() : null;
    if (!target) return this.#end(pair, true);
    const far = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    pair.far = far;
    pair.target = target.name;
    far.on('error', () => undefined);
    far.once('connect', () => {
      far.removeAllListeners('close');
      far.on('close', () => this.#end(pair, far.errored !== null));
      this.#pump(pair, far);
    });
    far.once('close', () => {
      this.#options.onUnreachable?.(target);
      if (this.#pairs.has(pair)) this.#dial(pair, tries + 1);
    });
  }

  #pump(pair: Pair, far: Socket): void {
    const { near } = pair;
    const transform = this.#options.transform?.();
    near.on('data', (chunk: Buffer) => {
      this.#look(pair, chunk);
      this.#write(near, far, chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (this.#cuts > 0 && pair.isWrite && !pair.isSocket) {
        this.#cuts -= 1;
        this.cut += 1;
        return this.#end(pair, true);
      }
      if (!pair.isSocket) pair.isWrite = false;
      for (const part of transform?.(chunk) ?? [chunk]) this.#downstream(pair, far, part);
    });
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    if (!pair.isHeld) near.resume();
    else far.pause();
  }

  /** What kind of request this is, by its first line. */
  #look(pair: Pair, chunk: Buffer): void {
    const head = chunk.subarray(0, 32).toString('latin1');
    if (head.startsWith('GET /api/realtime')) pair.isSocket = true;
    else if (/^(?:POST|PATCH|PUT|DELETE) /.test(head)) pair.isWrite = true;
  }

  #downstream(pair: Pair, far: Socket, chunk: Buffer): void {
    if (this.#bandwidth === 0 || !pair.isSocket) return this.#write(far, pair.near, chunk);
    far.pause();
    let at = 0;
    const drop = () => {
      const step = this.#bandwidth === 0 ? chunk.length : Math.ceil(this.#bandwidth / 10);
      pair.near.write(chunk.subarray(at, at + step));
      at += step;
      pair.drip = at < chunk.length ? setTimeout(drop, 100) : null;
      if (!pair.drip && !pair.isHeld) far.resume();
    };
    drop();
  }

  #write(from: Socket, to: Socket, chunk: Buffer): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    if (to.listenerCount('drain') === 0) to.once('drain', () => from.resume());
  }

  #hold(pair: Pair, isHeld: boolean): void {
    if (pair.isHeld === isHeld) return;
    pair.isHeld = isHeld;
    if (isHeld) {
      pair.near.pause();
      pair.far?.pause();
      return;
    }
    // Whoever gave up meanwhile is gone; the other side hears of it now.
    if (pair.near.destroyed || pair.far?.destroyed) return this.#end(pair, true);
    if (!pair.far) return this.#dial(pair, 0);
    pair.near.resume();
    pair.far.resume();
  }

  #end(pair: Pair, isReset: boolean): void {
    if (pair.isHeld && this.#flow === 'stall' && !isReset) return; // told when it is lifted
    if (!this.#pairs.delete(pair)) return;
    if (pair.drip) clearTimeout(pair.drip);
    for (const socket of [pair.near, pair.far]) {
      if (!socket || socket.destroyed) continue;
      if (isReset) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
