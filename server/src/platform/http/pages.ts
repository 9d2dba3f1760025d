import type { Space } from '../access/access.ts';
import type { Names } from '../core/names.ts';
import type { Cache } from '../ports/cache.ts';
import { Serialised } from './route.ts';

/** How long a page is kept; an event more makes another. */
const LIFE_MS = 30_000;

export type Pages = ReturnType<typeof createPages>;

/** First pages of a space's lists, kept as they are sent until the space's log goes on. */
export function createPages(cache: Cache, names: Names) {
  /** Answers of kept values, so that their bytes are kept with them. */
  const answers = new WeakMap<object, Serialised<unknown>>();

  /**
   * The page of a list, which is the same for all who may read the space: who may, the grant says,
   * which was made for this request.
   * @param list the list with its filters and limit
   */
  return async function page<T>(
    space: Space<'read'>,
    list: string,
    read: () => Promise<Serialised<T>>,
  ): Promise<Serialised<T>> {
    const key = `${list}:${space.id}:${space.head}:${await names.version()}`;
    const load = async () => ({ text: (await read()).text });
    const kept = await cache.load(key, LIFE_MS, load);
    const answer = answers.get(kept) ?? new Serialised(kept.text);
    answers.set(kept, answer);
    return answer as Serialised<T>;
  };
}
