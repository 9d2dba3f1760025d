import type { Space } from '../platform/access/access.ts';
import type { DocumentsSeed } from './markdown/folder.ts';
import type { Page } from './markdown/tree.ts';
import { idOf, isProblem, isWritten, stopIfAsked, type Run, type SeedApp } from './write-run.ts';

const PAGE = 200;

/** Creates the documents that are not there yet, parents first. */
export async function writePages(run: Run, space: Space<'write'>, seed: DocumentsSeed) {
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
    older: 0,
    newest: 0,
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
  const { key, parentKey, title, created, updated } = page;
  const markdown = page.markdown(addressOf);
  const body = { id: idOfPage(key), kind: 'document' as const, title, markdown };
  const parentId = parentKey === null ? null : idOfPage(parentKey);
  const times = { created, updated };
  try {
    return await isWritten(knowledge.create(space, { ...body, parentId }, times));
  } catch (error) {
    // The parent was deleted here since an earlier run: the page stays without one then.
    if (!isProblem(error, 'invalid-request') || parentId === null) throw error;
    return isWritten(knowledge.create(space, body, times));
  }
}
