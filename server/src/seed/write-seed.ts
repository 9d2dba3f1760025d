import { v5 } from 'uuid';
import type { MessagePage } from '@teambrain/contract/chat.ts';
import type { Space } from '../platform/access/access.ts';
import type { Actor } from '../platform/core/actor.ts';
import { ProblemError } from '../platform/core/problem.ts';
import type { App } from '../app.ts';
import type { DocumentsSeed, Page } from './markdown-folder.ts';
import type { Progress } from './progress.ts';
import type { ChatLine, ChatSeed } from './slack-export.ts';

/** What of the app writing needs; every write goes through the services, like those of people. */
export type SeedApp = Pick<App, 'auth' | 'spaces' | 'chat' | 'knowledge' | 'access'>;

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
  people: number;
  ms: number;
}

/** Name space of all ids made here, so that the same source gives the same ids in every run. */
const NAMESPACE = '6f0c6d0e-6a37-5a55-9a0b-3f1f6c7a2d11';
const idOf = (...key: string[]): string => v5(JSON.stringify(key), NAMESPACE);
const PAGE = 200;

/** Stops between two writes; what is written stays, and another run goes on from there. */
export class StoppedError extends Error {}

interface Run {
  app: SeedApp;
  progress: Progress;
  signal: AbortSignal;
}

/** Writes a channel's people and messages or a folder's documents into their space. */
export async function writeSeed(run: Run, seed: ChatSeed | DocumentsSeed): Promise<Written> {
  const started = performance.now();
  const space = await openSpace(run.app, seed);
  const result = { name: seed.name, spaceId: space.id };
  const counts =
    seed.kind === 'chat' ? await writeChat(run, space, seed) : await writePages(run, space, seed);
  return { ...result, ...counts, ms: performance.now() - started };
}

/** The space of the seed, new or of an earlier run, opened for who may write there. */
async function openSpace({ auth, spaces, access }: SeedApp, seed: ChatSeed | DocumentsSeed) {
  const id = idOf('space', seed.key);
  const importer = () => auth.createImported('TeamBrain import', idOf('importer'));
  const owner = (await auth.administrator()) ?? (await importer());
  const { name, description } = seed;
  try {
    await spaces.create(owner, { id, name, description, visibility: 'public' });
  } catch (error) {
    // An earlier run made it for someone else: before there was an administrator.
    if (!isProblem(error, 'id-taken')) throw error;
  }
  await spaces.join(owner, id);
  return access.space(owner, id, 'write');
}

async function writeChat(run: Run, space: Space<'write'>, seed: ChatSeed) {
  const present = await presentMessages(run.app, space);
  const lines = seed.lines.map((line) => ({ ...line, id: idOf('message', space.id, line.key) }));
  const missing = lines.filter(({ id }) => !present.has(id));
  const grants = await admit(run, space.id, seed.name, missing);
  let refused = 0;
  for (const [index, { id, text, at, author }] of missing.entries()) {
    stopIfAsked(run);
    const grant = grants.get(author.key);
    if (!grant || !(await isWritten(run.app.chat.post(grant, { id, text }, at)))) refused += 1;
    run.progress.step(`${seed.name}: messages`, index + 1, missing.length);
  }
  return {
    unit: 'messages' as const,
    added: missing.length - refused,
    present: lines.length - missing.length,
    refused,
    people: grants.size,
  };
}

async function presentMessages({ chat }: SeedApp, space: Space<'write'>): Promise<Set<string>> {
  const ids = new Set<string>();
  let after: string | null = '0';
  while (after !== null) {
    const page: MessagePage = (await chat.list(space, { after, limit: PAGE })).read();
    for (const { id } of page.items) ids.add(id);
    after = page.next;
  }
  return ids;
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

async function writePages(run: Run, space: Space<'write'>, seed: DocumentsSeed) {
  const idOfPage = (key: string) => idOf('entry', space.id, key);
  const addressOf = (key: string) => `/s/${space.id}/e/${idOfPage(key)}`;
  const present = await presentEntries(run.app, space);
  const missing = seed.pages.filter(({ key }) => !present.has(idOfPage(key)));
  let refused = 0;
  for (const [index, page] of missing.entries()) {
    stopIfAsked(run);
    if (!(await createPage(run.app, space, page, idOfPage, addressOf))) refused += 1;
    run.progress.step(`${seed.name}: documents`, index + 1, missing.length);
  }
  return {
    unit: 'documents' as const,
    added: missing.length - refused,
    present: seed.pages.length - missing.length,
    refused,
    people: 0,
  };
}

async function presentEntries({ knowledge }: SeedApp, space: Space<'write'>): Promise<Set<string>> {
  const ids = new Set<string>();
  let after: string | undefined;
  do {
    const page = await knowledge.list(space, { limit: PAGE, ...(after ? { after } : {}) });
    const { items, next } = page.read();
    for (const { id } of items) ids.add(id);
    after = next ?? undefined;
  } while (after);
  return ids;
}

async function createPage(
  { knowledge }: SeedApp,
  space: Space<'write'>,
  page: Page,
  idOfPage: (key: string) => string,
  addressOf: (key: string) => string,
): Promise<boolean> {
  const { key, parentKey, title } = page;
  const markdown = page.markdown(addressOf);
  const body = { id: idOfPage(key), kind: 'document' as const, title, markdown };
  const parentId = parentKey === null ? null : idOfPage(parentKey);
  try {
    return await isWritten(knowledge.create(space, { ...body, parentId }));
  } catch (error) {
    // The parent was deleted here since an earlier run: the page stands on its own then.
    if (!isProblem(error, 'invalid-request') || parentId === null) throw error;
    return isWritten(knowledge.create(space, body));
  }
}

/** False if the thing was deleted here since an earlier run, or its id is taken. */
async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isProblem(error, 'gone') || isProblem(error, 'id-taken')) return false;
    throw error;
  }
}

const isProblem = (error: unknown, code: ProblemError['code']): boolean =>
  error instanceof ProblemError && error.code === code;

function stopIfAsked({ signal }: Run): void {
  if (signal.aborted) throw new StoppedError();
}
