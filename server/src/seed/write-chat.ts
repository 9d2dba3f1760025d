import type { NewMessage } from '../features/chat/index.ts';
import type { Space } from '../platform/access/access.ts';
import type { Actor } from '../platform/core/actor.ts';
import type { ChatLine, ChatSeed } from './slack/export.ts';
import { ProblemError } from '../platform/core/problem.ts';
import { hangOn, recantExtras, withFiles, type Hanging, type Line } from './write-extras.ts';
import { idOf, isRefused, stopIfAsked, type Run, type SeedApp } from './write-run.ts';

/**
 * Posts the messages that are not there yet, in the order of time. A message older than the newest
 * one there is refused: the order of a space is the order in which it was written, for everybody
 * who has read on from some place.
 */
export async function writeChat(run: Run, space: Space<'write'>, seed: ChatSeed) {
  const present = await presentMessages(run.app, space);
  const idFor = (key: string) => idOf('message', space.id, key);
  const lines = (await seed.lines()).map((line): Line => {
    return {
      ...line,
      text: relinked(line.text, seed, run.newSpacesFrom),
      id: idFor(line.key),
      threadId: line.root === null ? undefined : idFor(line.root),
    };
  });
  const absent = lines.filter(({ id }) => !present.ids.has(id));
  const missing = absent.filter(({ at }) => at.getTime() >= present.newest);
  const older = absent.filter(({ at }) => at.getTime() < present.newest);
  run.ledger.recant(
    'messages',
    'older than the newest message of their space (refused)',
    older.filter(({ isFirst }) => isFirst).length,
  );
  // An answer to a message that is refused, or gone, goes into the stream.
  const there = new Set([...present.ids, ...missing.map(({ id }) => id)]);
  for (const line of missing) {
    if (line.threadId === undefined || there.has(line.threadId)) continue;
    line.threadId = undefined;
    line.inSpace = false;
  }
  const refusedExtras = older.map(({ extras }) => extras);
  recantExtras(run.ledger, refusedExtras, 'of messages that are refused');
  // An earlier run may have ended between messages and what hangs on them.
  const doubtful = lines.filter(({ id }) => present.ids.has(id)).slice(-BATCH.messages);
  const actors = await admit(run, space.id, seed.name, [...doubtful, ...missing]);
  const hanging = { run, space, actors };
  await hangOn(hanging, doubtful);
  let refused = 0;
  let done = 0;
  for (const batch of batchesOf(missing)) {
    stopIfAsked(run);
    refused += await postBatch(hanging, seed, batch);
    await hangOn(hanging, batch);
    run.progress.step(`${seed.name}: messages`, (done += batch.length), missing.length);
  }
  return {
    unit: 'messages' as const,
    added: missing.length - refused,
    present: lines.length - absent.length,
    refused,
    older: older.length,
    newest: present.newest,
    people: actors.size,
  };
}

/** Links to channels whose spaces are made beside those of an earlier import lead to these. */
function relinked(text: string, { linked }: ChatSeed, newSpacesFrom: string | undefined): string {
  if (newSpacesFrom === undefined || !text.includes('](/s/')) return text;
  return text.replace(/\]\(\/s\/([0-9a-f-]{36})\)/g, (link, id: string) => {
    const key = linked.get(id);
    return key === undefined ? link : `](/s/${idOf('space', key, newSpacesFrom)})`;
  });
}

/** Of one transaction; its lock keeps others from writing in the space meanwhile. */
const BATCH = { messages: 200, characters: 262_144 };

function* batchesOf(lines: readonly Line[]): Generator<Line[]> {
  let batch: Line[] = [];
  let characters = 0;
  for (const line of lines) {
    const isFull =
      batch.length >= BATCH.messages || characters + line.text.length > BATCH.characters;
    // A message with files is posted by itself: among others it would come after them.
    const isAlone = line.extras.files.length > 0;
    if ((isFull || isAlone) && batch.length > 0) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    if (isAlone) {
      yield [line];
      continue;
    }
    batch.push(line);
    characters += line.text.length;
  }
  if (batch.length > 0) yield batch;
}

/** Posts messages in one transaction; gives how many cannot be written. */
async function postBatch(
  hanging: Hanging,
  seed: ChatSeed,
  batch: readonly Line[],
): Promise<number> {
  const { run, space, actors } = hanging;
  const { app } = run;
  const messages: NewMessage[] = [];
  for (const line of batch) {
    const { author, id, at, editedAt, threadId, inSpace } = line;
    const actor = actors.get(author.key);
    if (!actor) throw new Error('Every author was admitted');
    // Of now: a grant from before somebody joined would have each message checked by itself.
    const grant = await app.access.space(actor, space.id, 'write');
    const said = await withFiles(run, grant, seed, line);
    messages.push({ space: grant, id, at, editedAt, threadId, inSpace, ...said });
  }
  const refused = (await app.chat.postAll(messages)).filter((one) => one instanceof ProblemError);
  const other = refused.find((problem) => !isRefused(problem));
  if (other) throw other;
  return refused.length;
}

/**
 * The messages there are, and when the newest of them was posted (ms since 1970; 0 without any). What
 * claims to be of the future, by a wrong clock, is not in the way of what comes.
 */
async function presentMessages({ chat }: SeedApp, space: Space<'write'>) {
  const ids = new Set<string>();
  const now = Date.now();
  let newest = 0;
  let after: number | null = 0;
  while (after !== null) {
    const page = await chat.posted(space, after);
    for (const { id, createdAt } of page) {
      ids.add(id);
      const at = createdAt.getTime();
      if (at <= now) newest = Math.max(newest, at);
    }
    after = page.at(-1)?.seq ?? null;
  }
  return { ids, newest };
}

/** Makes the authors, lets them join, and gives each one by the author's key. */
async function admit(run: Run, spaceId: string, name: string, lines: readonly ChatLine[]) {
  const { auth, spaces } = run.app;
  const authors = [...new Map(lines.map(({ author }) => [author.key, author])).values()];
  const actors = new Map<string, Actor>();
  for (const author of authors) {
    stopIfAsked(run);
    const actor = await auth.createImported(author.name, idOf('author', author.key));
    await spaces.join(actor, spaceId);
    actors.set(author.key, actor);
    run.progress.step(`${name}: people`, actors.size, authors.length);
  }
  return actors;
}
