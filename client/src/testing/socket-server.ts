import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Value } from 'typebox/value';
import { ClientFrame, type ServerFrame } from '@teambrain/contract/socket.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { type WebSocket, WebSocketServer } from 'ws';

/** The `n`th id of this test. */
export const idOf = (n: number) => `0190a0b0-0000-7000-8000-${String(n).padStart(12, '0')}`;

export function eventOf(space: string, seq: number): SpaceEvent {
  const [actor, at] = [{ id: idOf(900), name: 'Ann' }, '2026-01-01T00:00:00.000Z'];
  const data = { id: idOf(seq), version: 1 };
  return { space, seq, id: idOf(1000 + seq), actor, at, type: 'entry.deleted', data };
}

/** A small real server of the socket protocol, with faults to order. */
export class SocketServer {
  url = '';
  epoch = idOf(1);
  heartbeat = 15_000;
  limit = 200;
  readonly logs = new Map<string, SpaceEvent[]>();
  /** Every frame the clients sent, checked against the contract. */
  readonly frames: ClientFrame[] = [];
  readonly sockets = new Map<WebSocket, Set<string>>();
  connections = 0;
  /** Events it "forgets" to send live. */
  isLossy = false;
  isMute = false;
  onFrame: (frame: ClientFrame, socket: WebSocket) => boolean = () => false;
  readonly #http = createServer();
  readonly #server = new WebSocketServer({ noServer: true });

  async start(): Promise<this> {
    this.#http.on('upgrade', (request, stream, head) => {
      this.#server.handleUpgrade(request, stream, head, (socket) => this.#take(socket));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.url = `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/api/realtime`;
    return this;
  }

  append(space: string, count = 1): void {
    const log = this.logOf(space);
    for (let n = 0; n < count; n += 1) {
      const event = eventOf(space, log.length + 1);
      log.push(event);
      if (this.isLossy) continue;
      for (const [socket, spaces] of this.sockets) {
        if (spaces.has(space)) this.send(socket, { frame: 'event', event });
      }
    }
  }

  beat(): void {
    const heads = Object.fromEntries([...this.logs].map(([space, log]) => [space, log.length]));
    this.sendAll({ frame: 'beat', heads });
  }

  send(socket: WebSocket, frame: ServerFrame): void {
    if (!this.isMute) socket.send(JSON.stringify(frame));
  }

  sendAll(frame: ServerFrame): void {
    for (const socket of this.sockets.keys()) this.send(socket, frame);
  }

  drop(code?: number): void {
    for (const socket of this.sockets.keys()) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
  }

  sent<F extends ClientFrame['frame']>(frame: F): Extract<ClientFrame, { frame: F }>[] {
    return this.frames.filter((one): one is Extract<ClientFrame, { frame: F }> => {
      return one.frame === frame;
    });
  }

  logOf(space: string): SpaceEvent[] {
    if (!this.logs.has(space)) this.logs.set(space, []);
    return this.logs.get(space) ?? [];
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #take(socket: WebSocket): void {
    this.connections += 1;
    this.sockets.set(socket, new Set());
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const frame = Value.Parse(ClientFrame, JSON.parse(data.toString()));
      this.frames.push(frame);
      if (!this.onFrame(frame, socket)) this.#answer(frame, socket);
    });
  }

  #answer(frame: ClientFrame, socket: WebSocket): void {
    const { epoch, heartbeat } = this;
    if (frame.frame === 'hello') {
      const limits = { maxFrame: 65_536, subscriptions: this.limit };
      this.send(socket, { frame: 'welcome', connectionId: idOf(2), epoch, heartbeat, limits });
      const isOther = frame.epoch !== undefined && frame.epoch !== epoch;
      for (const { id, after } of frame.spaces) this.#subscribe(socket, id, after, isOther);
    } else if (frame.frame === 'subscribe') {
      this.#subscribe(socket, frame.space, frame.after, false);
    } else if (frame.frame === 'unsubscribe') {
      this.sockets.get(socket)?.delete(frame.space);
    } else if (frame.frame === 'fetch') {
      const log = this.logOf(frame.space);
      const events = log.slice(frame.after, frame.after + 200);
      this.send(socket, { frame: 'events', space: frame.space, events, head: log.length });
    } else if (frame.frame === 'renew') {
      this.send(socket, { frame: 'renewed', expiresIn: 600 });
    }
  }

  #subscribe(socket: WebSocket, space: string, after: number, isOther: boolean): void {
    const log = this.logOf(space);
    this.sockets.get(socket)?.add(space);
    if (isOther) this.send(socket, { frame: 'reset', space, reason: 'epoch', seq: log.length });
    else if (log.length - after > 1000) {
      this.send(socket, { frame: 'reset', space, reason: 'too-old', seq: log.length });
    } else for (const event of log.slice(after)) this.send(socket, { frame: 'event', event });
  }
}
