import { drive, type Measured } from './drive.ts';
import { HttpConnection, requestOf } from './http.ts';
import { TEXT } from './raw.ts';
import { PASSWORD, posting, textOf, type World } from './world.ts';

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
  mentions = 0,
): Promise<Measured> {
  return replay(port, count, seconds, (n) => {
    const { token, spaces } = writerOf(writers, n);
    const text = mentions === 0 ? undefined : calling(writers, n, mentions);
    const into = where === 'hot' ? [hot] : spaces;
    return into.map((space) => posting(space, token, text));
  });
}

/** A text of the usual length that mentions so many other people. */
function calling(writers: World['writers'], n: number, mentions: number): string {
  const links = Array.from({ length: mentions }, (_, k) => {
    const { id } = writerOf(writers, n + k + 1);
    return `[@Somebody](/people/${id})`;
  });
  return `${links.join(' ')} ${TEXT}`;
}

/** What every browser says it takes. */
const BROWSER = { accepts: 'gzip, deflate, br' };
type Accepting = { accepts?: string };

const reading = ({ writers, hot }: World, n: number, options: Accepting) =>
  requestOf('GET', `/api/spaces/${hot}/messages`, {
    token: writerOf(writers, n).token,
    ...options,
  });

/** The last 50 messages of the hot space, read over and over: as they are, or as browsers ask. */
export const measureReads = (world: World, count: number, seconds: number, isBrowser: boolean) =>
  replay(world.port, count, seconds, (n) => [reading(world, n, isBrowser ? BROWSER : {})]);

/** Posts as many messages as a page has, no two alike. */
export async function fillPage({ port, writers, hot }: World): Promise<void> {
  const connection = new HttpConnection(port);
  for (let n = 0; n < 50; n += 1) {
    const { token } = writerOf(writers, n % writers.length);
    await connection.send(posting(hot, token, textOf(n)));
  }
  connection.close();
}

/** How many bytes one such answer has: as it is, and as browsers get it. */
export async function pageSizes(world: World): Promise<{ bytes: number; packed: number }> {
  const connection = new HttpConnection(world.port);
  const { body } = await connection.send(reading(world, 0, {}));
  const { body: packed } = await connection.send(reading(world, 0, BROWSER));
  connection.close();
  return { bytes: body.length, packed: packed.length };
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
