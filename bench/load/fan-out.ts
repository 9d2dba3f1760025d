import { pause, summary, type Measured } from './drive.ts';
import { HttpConnection, requestOf } from './http.ts';
import type { Served } from './process.ts';
import { openSockets, type Receivers } from './sockets.ts';
import { posting, SOCKETS_EACH, type World } from './world.ts';

export interface FanOut {
  /** From sending the request to each socket’s frame, one message at a time. */
  latency: Measured;
  /** Frames per second while messages follow each other as fast as they are delivered. */
  perSecond: number;
  /** The server’s processor time for one delivery, in microseconds. */
  cpuPerDelivery: number;
  /** Resident memory per open socket, in bytes. */
  memoryPerSocket: number;
}

/** Messages that may be on their way when throughput is measured. */
const AHEAD = 4;
const STALLED_MS = 10_000;

interface Stage {
  sockets: number;
  receivers: Receivers;
  post(): Promise<void>;
}

/** Delivery to so many sockets, by TeamBrain (`world`) or by the bare broadcast. */
export async function measureFanOut(
  served: Served,
  sockets: number,
  seconds: number,
  world: World | null,
): Promise<FanOut> {
  const before = served.memory();
  const receivers = world
    ? await subscribe(served.port, world, sockets)
    : await openSockets(served.port, '/', sockets, () => null);
  await pause(500);
  const memoryPerSocket = (served.memory() - before) / sockets;
  const connections = Array.from({ length: AHEAD }, () => new HttpConnection(served.port));
  const request = world ? posting(world.hot, world.writers[0]?.token ?? '') : bareRequest();
  const stage: Stage = { sockets, receivers, post: poster(connections, request) };
  try {
    const latency = await measureLatency(stage, seconds);
    return { latency, memoryPerSocket, ...(await measureThroughput(stage, served, seconds)) };
  } finally {
    receivers.close();
    for (const connection of connections) connection.close();
    await pause(500);
  }
}

function subscribe(port: number, { writers, hot }: World, sockets: number) {
  return openSockets(port, '/api/realtime', sockets, (n) => ({
    frame: 'hello',
    token: writers[Math.floor(n / SOCKETS_EACH)]?.token ?? '',
    protocol: 1,
    spaces: [{ id: hot, after: Number.MAX_SAFE_INTEGER }],
  }));
}

/** The bytes TeamBrain sends for such a message, for a broadcast of the same size. */
function bareRequest(): Buffer {
  const body = { frame: 'event', event: 'x'.repeat(650) };
  return requestOf('POST', '/', { body });
}

function poster(connections: HttpConnection[], request: Buffer): () => Promise<void> {
  const free = [...connections];
  return async () => {
    const connection = free.pop();
    if (!connection) throw new Error('More messages are on their way than were meant to');
    const { status, body } = await connection.send(request);
    if (status !== 201) throw new Error(`Posting failed with ${status}: ${body.toString()}`);
    free.push(connection);
  };
}

/** Waits until so many frames came in all. */
async function received(receivers: Receivers, target: number): Promise<void> {
  if (receivers.count() >= target) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${receivers.count()} of ${target} frames came`));
    }, STALLED_MS);
    receivers.onFrame = () => {
      if (receivers.count() < target) return;
      receivers.onFrame = null;
      clearTimeout(timer);
      resolve();
    };
  });
}

async function measureLatency({ sockets, receivers, post }: Stage, seconds: number) {
  const latencies: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const target = receivers.count() + sockets;
    const sent = performance.now();
    await Promise.all([
      post(),
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('Frames are missing')), STALLED_MS);
        receivers.onFrame = () => {
          latencies.push(performance.now() - sent);
          if (receivers.count() < target) return;
          receivers.onFrame = null;
          clearTimeout(timer);
          resolve();
        };
      }),
    ]);
    await pause(sockets / 10);
  }
  return summary(latencies, seconds);
}

async function measureThroughput(stage: Stage, served: Served, seconds: number) {
  const { sockets, receivers, post } = stage;
  const start = receivers.count();
  const [began, cpu] = [performance.now(), served.cpu()];
  let posted = 0;
  const pending = new Set<Promise<void>>();
  while (performance.now() < began + seconds * 1000) {
    const one = post().finally(() => pending.delete(one));
    pending.add(one);
    posted += 1;
    await received(receivers, start + (posted - AHEAD + 1) * sockets);
    if (pending.size === AHEAD) await Promise.race(pending);
  }
  await Promise.all(pending);
  await received(receivers, start + posted * sockets);
  const count = receivers.count() - start;
  return {
    perSecond: (count * 1000) / (performance.now() - began),
    cpuPerDelivery: ((served.cpu() - cpu) * 1e6) / count,
  };
}
