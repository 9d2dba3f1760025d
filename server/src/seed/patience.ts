import { toProblem } from '../platform/http/problem-response.ts';
import { SeedError } from './source/source.ts';
import { StoppedError, type SeedApp } from './write-run.ts';

const FIRST_MS = 250;
const LONGEST_MS = 15_000;
/** A machine that answers nothing for so long does not import either. */
const ENOUGH_MS = 600_000;

/** Whether a failure may pass by itself: the server is busy, or its database away for a moment. */
export const isPassing = (error: unknown): boolean => toProblem(error).code === 'busy';

/**
 * Does something again, more and more seldom, while it fails because the machine is busy. Only for
 * what may be done twice: everything an import writes has an id of its own.
 * @throws SeedError after ten minutes without success; StoppedError when told to
 */
export async function patiently<T>(
  task: () => Promise<T> | T,
  signal: AbortSignal,
  { firstMs = FIRST_MS, enoughMs = ENOUGH_MS } = {},
): Promise<T> {
  const began = performance.now();
  for (let wait = firstMs; ; wait = Math.min(LONGEST_MS, 2 * wait)) {
    try {
      return await task();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (signal.aborted) throw new StoppedError();
      if (performance.now() - began > enoughMs) {
        throw new SeedError(
          'The database has not answered for ten minutes. What was written is saved: run the same ' +
            'command again to go on from here.',
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The app's services, each of whose calls is made patiently. */
export function patientApp(app: SeedApp, signal: AbortSignal): SeedApp {
  const patient = <S extends object>(service: S): S =>
    new Proxy(service, {
      get(target, name): unknown {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]): unknown =>
          patiently(() => Reflect.apply(method, target, given) as unknown, signal);
      },
    });
  const { auth, spaces, chat, reactions, pins, files, knowledge, access, unread } = app;
  return {
    auth: patient(auth),
    spaces: patient(spaces),
    chat: patient(chat),
    reactions: patient(reactions),
    pins: patient(pins),
    // An upload cannot be made again from bytes that were taken already.
    files,
    knowledge: patient(knowledge),
    access: patient(access),
    unread: patient(unread),
  };
}
