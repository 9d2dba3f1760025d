import { askedDelay, isProblem, isTransient, ProblemError } from '@teambrain/client/errors.ts';
import type { Call } from '@teambrain/client/call.ts';
import { DRAFT_MAX, getDraft, putDraft, type Draft } from '@teambrain/contract/drafts.ts';
import { notifications } from '@mantine/notifications';
import { dropServed, keepDraft, readDraft } from '../../../../platform/drafts/drafts.ts';
import { fingerprint } from '../../../../platform/drafts/fingerprint.ts';
import { baseOf, keepBase, replacedKey } from '../../../../platform/drafts/base.ts';
import { takeUpFiles, uploads, uploadsOf } from '../../files/uploads.ts';

/** A box in which somebody writes, by the key of its draft. */
export interface Place {
  key: string;
  spaceId: string;
  threadId: string | null;
  call: Call;
}

/** Milliseconds without a key until words go to the server, and from the first one at most. */
const QUIET = 1_000;
const LONGEST = 5_000;
/** Milliseconds until what failed is tried again. */
const AGAIN = 5_000;
/** Milliseconds that a log-out waits for words. */
const LEAVING = 2_000;
/** How often words are sent again because another window's came between. */
const TRIES = 3;

/** Boxes that are open in this window, and how each takes words from elsewhere. */
const open = new Map<string, (text: string) => void>();
/** Places of which this window has asked what the server holds; until then it knows of no files. */
const known = new Set<string>();
interface Waiting {
  place: Place;
  timer: ReturnType<typeof setTimeout>;
  since: number;
}
const timers = new Map<string, Waiting>();
const tails = new Map<string, Promise<void>>();

const wordsOf = (key: string) => ({
  text: readDraft<string>(key) ?? '',
  files: known.has(key)
    ? uploadsOf(uploads.get(), key).flatMap(({ attachment }) => attachment?.id ?? [])
    : baseOf(key).files,
});

function isChanged(key: string): boolean {
  const { text, files } = wordsOf(key);
  const base = baseOf(key);
  return fingerprint(text) !== base.text || files.join() !== base.files.join();
}

/** From now on words from elsewhere are shown in this box. */
function openBox(place: Place, show: (text: string) => void): void {
  open.set(place.key, show);
}

/** The box is gone; its words go to the server. */
function closeBox(place: Place): void {
  open.delete(place.key);
  keepNow(place);
}

/** Words or files of a box were changed: they follow to the server once the keys are quiet. */
function keepSoon(place: Place): void {
  const before = timers.get(place.key);
  if (before) clearTimeout(before.timer);
  const since = before?.since ?? Date.now();
  const wait = Math.max(0, Math.min(QUIET, since + LONGEST - Date.now()));
  timers.set(place.key, { place, timer: setTimeout(() => keepNow(place), wait), since });
}

/** Brings the words of a box to the server, if they are others than those there. */
function keepNow(place: Place): void {
  clearTimeout(timers.get(place.key)?.timer);
  timers.delete(place.key);
  inTurn(place, () => put(place));
}

/** Before one's own log-out: what was typed last goes to the server, if that takes no longer than 2 s. */
async function keepAllNow(): Promise<void> {
  for (const { place } of [...timers.values()]) keepNow(place);
  const late = new Promise((resolve) => setTimeout(resolve, LEAVING));
  await Promise.race([Promise.all(tails.values()), late]);
}

/** The server's list says which version it holds: the box follows, or its words go there. */
function followServer(place: Place, version: number): void {
  inTurn(place, async () => {
    const { key } = place;
    const base = baseOf(key);
    const isKnown = known.has(key) || (version === 0 && base.version === 0);
    if (!isKnown || version > base.version || (version === 0 && base.version > 0)) {
      await pull(place);
    } else {
      known.add(key);
      if (!timers.has(key)) await put(place);
    }
    dropServed(key);
  });
}

/** One thing at a time for each place; what fails for now is tried again. */
function inTurn(place: Place, task: () => Promise<void>): void {
  const run = (tails.get(place.key) ?? Promise.resolve()).then(task).catch((error: unknown) => {
    if (isTransient(error)) {
      const wait = Math.max(AGAIN, askedDelay(error));
      const timer = setTimeout(() => keepNow(place), wait);
      timers.set(place.key, { place, timer, since: Date.now() });
    } else if (isProblem(error, 'invalid-request')) {
      notifications.show({
        id: 'draft',
        message: `${error.message}. The words stay in this browser.`,
      });
    } else if (!(error instanceof ProblemError)) reportError(error);
  });
  tails.set(place.key, run);
}

async function pull(place: Place): Promise<void> {
  const { key, spaceId, threadId, call } = place;
  const { draft } = await call(getDraft, {
    params: { spaceId },
    query: threadId === null ? {} : { thread: threadId },
  });
  // A person who typed meanwhile has newer words.
  const isNewer = isChanged(key);
  if (!known.has(key)) {
    known.add(key);
    if (isNewer) takeUpFiles(key, draft?.files ?? []);
  }
  if (isNewer) await put(place);
  else show(key, draft);
}

async function put(place: Place, tries = TRIES): Promise<void> {
  const { key, spaceId, threadId, call } = place;
  const { text, files } = wordsOf(key);
  if (!isChanged(key) || text.length > DRAFT_MAX) return;
  const base = baseOf(key).version;
  try {
    const body = { threadId, text, files: [...files], base };
    const { draft } = await call(putDraft, { params: { spaceId }, body });
    keepBase(key, draft?.version ?? 0, text, files);
  } catch (error) {
    if (!isProblem(error, 'stale-version') || tries === 0) throw error;
    const other = error.problem.current as Draft | null;
    if (text === '' && files.length === 0) return show(key, other);
    const words = other?.text.trim();
    if (words && !text.includes(words)) keepDraft(replacedKey(key), words);
    keepBase(key, other?.version ?? 0, other?.text ?? '', other?.files.map(({ id }) => id) ?? []);
    await put(place, tries - 1);
  }
}

/** What the server holds takes the place of words that were there already. */
function show(key: string, draft: Draft | null): void {
  const { version = 0, text = '', files = [] } = draft ?? {};
  keepBase(
    key,
    version,
    text,
    files.map(({ id }) => id),
  );
  takeUpFiles(key, files);
  keepDraft(key, text || undefined);
  open.get(key)?.(text);
}

/** What boxes ask of it; loaded by later.ts. */
export const engine = { openBox, closeBox, keepSoon, keepNow, keepAllNow, followServer };
