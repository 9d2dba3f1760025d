import type { Space } from '../access/access.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import type { Names } from '../core/names.ts';
import type { Cache } from '../ports/cache.ts';
import { Serialised } from './route.ts';

/** How long a page is kept; an event more makes another. */
const LIFE_MS = 30_000;

/** In place of a page that shows what other spaces can change: it is read each time. */
const NOT_KEPT = '';

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
  return function page<T>(
    space: Space<'read'>,
    list: string,
    read: () => Promise<Serialised<T>>,
  ): MaybePromise<Serialised<T>> {
    const load = async () => {
      const { text, isKeepable } = await read();
      return { text: isKeepable ? text : NOT_KEPT };
    };
    const kept = chain(names.version(), (version) =>
      cache.load(`${list}:${space.id}:${space.head}:${version}`, LIFE_MS, load),
    );
    return chain(kept, (value) => {
      if (value.text === NOT_KEPT) return read();
      let answer = answers.get(value);
      if (!answer) answers.set(value, (answer = new Serialised(value.text)));
      return answer as Serialised<T>;
    });
  };
}
