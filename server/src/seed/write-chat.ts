import type { MessagePage } from '@teambrain/contract/chat.ts';
import type { Imported } from '../features/chat/index.ts';
import type { Space } from '../platform/access/access.ts';
import type { Actor } from '../platform/core/actor.ts';
import type { ChatLine, ChatSeed } from './slack/export.ts';
import { idOf, isWritten, stopIfAsked, type Run, type SeedApp } from './write-run.ts';

const PAGE = 200;

/**
 * Posts the messages that are not there yet, in the order of time. A message older than the newest
 * one there is refused: the order of a space is the order in which it was written, for everybody
 * who has read on from some place.
 */
export async function writeChat(run: Run, space: Space<'write'>, seed: ChatSeed) {
  const present = await presentMessages(run.app, space);
  const lines = (await seed.lines()).map((line) => ({
    ...line,
    id: idOf('message', space.id, line.key),
  }));
  const absent = lines.filter(({ id }) => !present.ids.has(id));
  const missing = absent.filter(({ at }) => at.getTime() >= present.newest);
  const older = absent.filter(({ at }) => at.getTime() < present.newest);
  run.ledger.recant(
    'messages',
    'older than the newest message of their space (refused)',
    older.filter(({ isFirst }) => isFirst).length,
  );
  const grants = await admit(run, space.id, seed.name, missing);
  const writable = missing.flatMap(({ author, ...line }): Imported[] => {
    const grant = grants.get(author.key);
    return grant ? [{ ...line, space: grant }] : [];
  });
  let refused = missing.length - writable.length;
  let done = 0;
  for (const batch of batchesOf(writable)) {
    stopIfAsked(run);
    refused += await postBatch(run, batch);
    run.progress.step(`${seed.name}: messages`, (done += batch.length), writable.length);
  }
  return {
    unit: 'messages' as const,
    added: missing.length - refused,
    present: lines.length - absent.length,
    refused,
    older: older.length,
    newest: present.newest,
    people: grants.size,
  };
}

/** Of one transaction; its lock keeps others from writing in the space meanwhile. */
const BATCH = { messages: 200, characters: 262_144 };

function* batchesOf(lines: readonly Imported[]): Generator<Imported[]> {
  let batch: Imported[] = [];
  let characters = 0;
  for (const line of lines) {
    const isFull =
      batch.length >= BATCH.messages || characters + line.text.length > BATCH.characters;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(line);
    characters += line.text.length;
  }
  if (batch.length > 0) yield batch;
}

/** Posts messages together, and by itself what is no plain case; gives how many cannot be written. */
async function postBatch({ app }: Run, batch: readonly Imported[]): Promise<number> {
  const posted = await app.chat.postAll(batch);
  let refused = 0;
  for (const [n, { space, id, text, at, editedAt }] of batch.entries()) {
    if (posted[n]) continue;
    if (!(await isWritten(app.chat.post(space, { id, text }, { at, editedAt })))) refused += 1;
  }
  return refused;
}

/**
 * The messages there are, and when the newest of them was posted (ms since 1970; 0 without any). What
 * claims to be of the future, by a wrong clock, is not in the way of what comes.
 */
async function presentMessages({ chat }: SeedApp, space: Space<'write'>) {
  const ids = new Set<string>();
  const now = Date.now();
  let newest = 0;
  let after: string | null = '0';
  while (after !== null) {
    const page: MessagePage = (await chat.list(space, { after, limit: PAGE })).read();
    for (const { id, createdAt } of page.items) {
      ids.add(id);
      const at = Date.parse(createdAt);
      if (at <= now) newest = Math.max(newest, at);
    }
    after = page.next;
  }
  return { ids, newest };
}

/** Makes the authors, lets them join, and gives each one's grant by the author's key. */
async function admit(run: Run, spaceId: string, name: string, lines: readonly ChatLine[]) {
  const { auth, spaces, access } = run.app;
  const authors = [...new Map(lines.map(({ author }) => [author.key, author])).values()];
  const actors = new Map<string, Actor>();
  for (const author of authors) {
    stopIfAsked(run);
    const actor = await auth.createImported(author.name, idOf('author', author.key));
    await spaces.join(actor, spaceId);
    actors.set(author.key, actor);
    run.progress.step(`${name}: people`, actors.size, authors.length);
  }
  // Only now: each join moves the rights version, and an older grant would be checked at each post.
  const grants = new Map<string, Space<'write'>>();
  for (const [key, actor] of actors) grants.set(key, await access.space(actor, spaceId, 'write'));
  return grants;
}
