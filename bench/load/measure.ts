import { drive, type Measured } from './drive.ts';
import { HttpConnection, requestOf } from './http.ts';
import { PASSWORD, posting, type World } from './world.ts';

/** Connections and the prepared requests that each sends in turn, over and over. */
async function replay(
  port: number,
  workers: number,
  seconds: number,
  requests: (worker: number) => Buffer[],
): Promise<Measured> {
  const lanes = Array.from({ length: workers }, (_, n) => ({
    connection: new HttpConnection(port),
    requests: requests(n),
    turn: n,
  }));
  try {
    return await drive(workers, seconds, async (n) => {
      const lane = lanes[n];
      const request = lane?.requests[(lane.turn += 1) % lane.requests.length];
      if (!lane || !request) throw new Error('There is nothing to send');
      const { status, body } = await lane.connection.send(request);
      if (status >= 300) throw new Error(`A request failed with ${status}: ${body.toString()}`);
    });
  } finally {
    for (const { connection } of lanes) connection.close();
  }
}

/** Messages posted by so many writers, all into one space or each into some of 50. */
export function measureWrites(
  { port, writers, hot }: World,
  count: number,
  seconds: number,
  where: 'hot' | 'many',
): Promise<Measured> {
  return replay(port, count, seconds, (n) => {
    const { token, spaces } = writerOf(writers, n);
    return where === 'hot' ? [posting(hot, token)] : spaces.map((space) => posting(space, token));
  });
}

const reading = ({ writers, hot }: World, n: number) =>
  requestOf('GET', `/api/spaces/${hot}/messages`, { token: writerOf(writers, n).token });

/** The last 50 messages of the hot space, read over and over. */
export const measureReads = (world: World, count: number, seconds: number) =>
  replay(world.port, count, seconds, (n) => [reading(world, n)]);

/** Posts as many messages as a page has. */
export async function fillPage({ port, writers, hot }: World): Promise<void> {
  const connection = new HttpConnection(port);
  for (let n = 0; n < 50; n += 1) {
    await connection.send(posting(hot, writerOf(writers, n % writers.length).token));
  }
  connection.close();
}

/** How many bytes one such answer has. */
export async function pageSize(world: World): Promise<number> {
  const connection = new HttpConnection(world.port);
  const { body } = await connection.send(reading(world, 0));
  connection.close();
  return body.length;
}

export function measureLogIns({ port, writers }: World, count: number, seconds: number) {
  return replay(port, count, seconds, (n) => [
    requestOf('POST', '/api/auth/login', {
      body: { email: writerOf(writers, n).email, password: PASSWORD },
    }),
  ]);
}

/** The hello-world of the framework, or its `/page`. */
export const measureHello = (port: number, count: number, seconds: number, path = '/') =>
  replay(port, count, seconds, () => [requestOf('GET', path)]);

function writerOf(writers: World['writers'], n: number): World['writers'][number] {
  const writer = writers[n];
  if (!writer) throw new Error(`There are only ${writers.length} writers`);
  return writer;
}
