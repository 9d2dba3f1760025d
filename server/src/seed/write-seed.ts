import { basename } from 'node:path';
import { SPACE_NAME_MAX } from '@teambrain/contract/spaces.ts';
import type { DocumentsSeed } from './markdown/folder.ts';
import type { ChatSeed } from './slack/export.ts';
import { nameLine } from './text.ts';
import { writeChat } from './write-chat.ts';
import { writePages } from './write-pages.ts';
import { idOf, isProblem, type Run, type SeedApp } from './write-run.ts';

/** What came of one space. */
export interface Written {
  name: string;
  spaceId: string;
  unit: 'messages' | 'documents';
  added: number;
  /** Were there from an earlier run. */
  present: number;
  /** Could not be written: deleted here since, or their place is taken by something else. */
  refused: number;
  /** Left out because they are older than the newest message there, which is of `newest` (ms). */
  older: number;
  newest: number;
  people: number;
  ms: number;
}

type Seed = ChatSeed | DocumentsSeed;

/** Writes a channel's people and messages or a folder's documents into their space. */
export async function writeSeed(run: Run, seed: Seed): Promise<Written> {
  const started = performance.now();
  const { space, name } = await openSpace(run, seed);
  const counts =
    seed.kind === 'chat' ? await writeChat(run, space, seed) : await writePages(run, space, seed);
  // What was said elsewhere is nobody's unread here.
  await run.app.unread.startHere(space.id);
  return { name, spaceId: space.id, ...counts, ms: performance.now() - started };
}

/** The space of the seed, new or of an earlier run, opened for who may write there. */
async function openSpace({ app, newSpacesFrom }: Run, seed: Seed) {
  const { auth, spaces, access } = app;
  const owner = (await auth.administrator()) ?? (await importer(app));
  const { description } = seed;
  const { id, name } = placeOf(seed, newSpacesFrom);
  try {
    await spaces.create(owner, { id, name, description, visibility: 'public' });
  } catch (error) {
    // An earlier run made it for someone else: before there was an administrator.
    if (!isProblem(error, 'id-taken')) throw error;
  }
  await spaces.join(owner, id);
  return { space: await access.space(owner, id, 'write'), name };
}

const importer = ({ auth }: SeedApp) => auth.createImported('TeamBrain import', idOf('importer'));

/** The same in every run: also a new space beside the first is made once for each source. */
function placeOf({ key, name }: Seed, newSpacesFrom?: string) {
  if (newSpacesFrom === undefined) return { id: idOf('space', key), name };
  const source = ` (from ${basename(newSpacesFrom).normalize('NFC')})`;
  const room = Math.max(20, SPACE_NAME_MAX - source.length);
  return {
    id: idOf('space', key, newSpacesFrom),
    name: nameLine(nameLine(name, room) + source, SPACE_NAME_MAX) || name,
  };
}
