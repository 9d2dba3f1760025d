import type { Place } from './server-draft.ts';

/** The code that keeps drafts on the server is no part of the first load: it comes with the first box. */
const load = () => import('./server-draft.ts').then((module) => module.engine);
let isLoaded = false;

type Engine = Awaited<ReturnType<typeof load>>;

/** Does something with it once it is there; a window that cannot load it keeps drafts in the browser. */
function run(work: (engine: Engine) => void): void {
  isLoaded = true;
  load().then(work, () => undefined);
}

/** As in server-draft.ts, in the order of the calls. */
export const keepSoon = (place: Place): void => run((engine) => engine.keepSoon(place));
export const keepNow = (place: Place): void => run((engine) => engine.keepNow(place));
export const followServer = (place: Place, version: number): void =>
  run((engine) => engine.followServer(place, version));

/** From now on words from elsewhere are shown in this box. @returns how to end that */
export function openBox(place: Place, show: (text: string) => void): () => void {
  run((engine) => engine.openBox(place, show));
  return () => run((engine) => engine.closeBox(place));
}

/** Before one's own log-out: what was typed last goes to the server, if that takes no longer than 2 s. */
export async function keepAllNow(): Promise<void> {
  if (isLoaded)
    await load().then(
      (engine) => engine.keepAllNow(),
      () => undefined,
    );
}
