import { ModelError, type Model, type ModelPart } from './model.ts';

/** So many failures one after the other, and a provider is left alone for a while. */
const FAILURES = 3;
const PAUSE_MS = 30_000;

/** A model that fails at once while its provider seems to be down, so that nobody waits for it. */
export function withBreaker(model: Model, now: () => number = () => performance.now()): Model {
  let failures = 0;
  let closedUntil = 0;
  return {
    name: model.name,
    close: () => model.close(),
    async *stream(request, signal): AsyncGenerator<ModelPart> {
      if (now() < closedUntil) throw new ModelError('failed', 'The provider failed a moment ago');
      try {
        yield* model.stream(request, signal);
        failures = 0;
      } catch (error) {
        if (error instanceof ModelError && !signal.aborted) {
          failures += 1;
          // One try after the pause decides.
          if (failures >= FAILURES) closedUntil = now() + PAUSE_MS;
        }
        throw error;
      }
    },
  };
}
