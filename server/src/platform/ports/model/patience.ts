import { ModelError, type ModelPart, type Patience } from './model.ts';

/**
 * Gives up a stream whose first word, or next one, does not come in time. A provider that keeps the
 * connection alive without a word is as silent as one that sends nothing.
 * @throws ModelError `slow`; the reason of an aborted `outer`
 */
export async function* patiently(
  { firstMs, silenceMs, totalMs }: Patience,
  outer: AbortSignal,
  start: (signal: AbortSignal) => AsyncIterable<ModelPart>,
): AsyncGenerator<ModelPart> {
  outer.throwIfAborted();
  const own = new AbortController();
  const cancel = () => own.abort(outer.reason);
  outer.addEventListener('abort', cancel);
  const giveUp = (why: string) => own.abort(new ModelError('slow', why));
  const total = setTimeout(() => giveUp('The model took too long'), totalMs);
  let silence = setTimeout(() => giveUp('The model did not begin in time'), firstMs);
  const parts = start(own.signal)[Symbol.asyncIterator]();
  const ended = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason as Error));
  });
  ended.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([parts.next(), ended]);
      if (next.done) return;
      clearTimeout(silence);
      silence = setTimeout(() => giveUp('The model fell silent'), silenceMs);
      yield next.value;
    }
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    outer.removeEventListener('abort', cancel);
    // A reader who stops ends the call to the provider.
    own.abort(new ModelError('failed', 'Nobody reads on'));
    void parts.return?.().then(undefined, () => undefined);
  }
}
