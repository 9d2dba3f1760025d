import { call, HttpConnection, requestOf } from './http.ts';
import { TEXT } from './raw.ts';

export const PASSWORD = 'a password under load';
const SPACES = 50;
/** Spaces each writer takes turns in: 16 writers reach all of them. */
const SPACES_EACH = 4;
/** Sockets one user may have. */
export const SOCKETS_EACH = 10;

export interface Writer {
  id: string;
  token: string;
  email: string;
  /** The writer’s spaces among the many. */
  spaces: string[];
}

/** People and spaces of a measured instance. */
export interface World {
  port: number;
  writers: Writer[];
  hot: string;
}

/** Registers `people`, of whom the first 64 write: all in one hot space and each in some of 50. */
export async function populate(port: number, people: number): Promise<World> {
  const writers = await inParallel(4, people, (n, connection) => register(connection, n));
  const [owner] = writers;
  const connection = new HttpConnection(port);
  const create = async (name: string) => {
    const body = { name, visibility: 'public' };
    const token = owner?.token ?? '';
    return (await call<{ id: string }>(connection, 'POST /spaces', { token, body })).id;
  };
  const hot = await create('Hot');
  const many: string[] = [];
  for (let n = 0; n < SPACES; n += 1) many.push(await create(`Space ${n}`));
  connection.close();
  await inParallel(8, Math.min(64, people), async (n, own) => {
    const writer = writers[n];
    if (!writer) return;
    writer.spaces = Array.from(
      { length: SPACES_EACH },
      (_, k) => many[(n + 13 * k) % SPACES] ?? '',
    );
    // The owner of all spaces is a member already; joining again changes nothing.
    for (const id of [hot, ...writer.spaces]) {
      await call(own, `POST /spaces/${id}/join`, { token: writer.token, body: {} });
    }
  });
  return { port, writers, hot };

  async function inParallel<T>(
    width: number,
    count: number,
    task: (n: number, connection: HttpConnection) => Promise<T>,
  ): Promise<T[]> {
    const results: T[] = [];
    await Promise.all(
      Array.from({ length: width }, async (_, lane) => {
        const own = new HttpConnection(port);
        for (let n = lane; n < count; n += width) results[n] = await task(n, own);
        own.close();
      }),
    );
    return results;
  }
}

async function register(connection: HttpConnection, n: number): Promise<Writer> {
  const email = `writer.${n}@example.org`;
  const { user, accessToken } = await call<{ user: { id: string }; accessToken: string }>(
    connection,
    'POST /auth/register',
    { body: { email, name: `Writer ${n}`, password: PASSWORD } },
  );
  return { id: user.id, email, token: accessToken, spaces: [] };
}

/** The request that posts a message of usual length. */
export const posting = (space: string, token: string, text = TEXT) =>
  requestOf('POST', `/api/spaces/${space}/messages`, { token, body: { text } });

/** As long as `TEXT`, of its words and numbers in an order of its own. */
export function textOf(n: number): string {
  let state = n + 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  const words = TEXT.split(' ').map((word, _, all) => {
    const luck = next() % 3;
    return luck === 0 ? String(next() % 10_000) : (all[next() % all.length] ?? word);
  });
  return words.join(' ');
}
