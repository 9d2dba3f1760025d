/** What is at hand, or will be: what most requests ask for is in memory, and each wait costs. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value: at once if it is there, otherwise when it is. */
export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => Promise<R>): Promise<R>;
export function chain<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R>;
export function chain<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of the values: at once if each is there, otherwise when the last one is. */
export function together<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}
