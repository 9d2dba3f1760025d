import type { Log } from '../../core/log.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { withBreaker } from './breaker.ts';
import type { Model, ModelSettings } from './model.ts';

/** The model that is set now, and what was spent on it. */
export interface Models {
  /** Null where none is set. Loads what speaks to it with the first call. */
  current(): Promise<Model | null>;
  close(): Promise<void>;
}

/** Makes a model of settings (`model.sdk.ts`). */
export type CreateModel = (settings: ModelSettings, outbound: Outbound) => Promise<Model>;

/** The model that the environment sets; nothing is loaded before it is asked for. */
export function createModels(
  settings: ModelSettings | 'none' | null,
  outbound: Outbound,
  log: Log,
): Models {
  let made: Promise<Model> | null = null;
  return {
    current() {
      if (settings === null || settings === 'none') return Promise.resolve(null);
      made ??= import('./model.sdk.ts').then(async ({ createSdkModel }) =>
        withBreaker(await createSdkModel(settings, outbound)),
      );
      return made.catch((error: unknown) => {
        made = null;
        log.error({ err: error }, 'the language model could not be set up');
        return null;
      });
    },
    async close() {
      await (await made)?.close();
    },
  };
}
