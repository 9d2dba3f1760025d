import { isDeepStrictEqual } from 'node:util';
import * as contract from '@teambrain/contract/knowledge.ts';
import type { AnswerOf, BodyOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { newId } from '../../platform/core/id.ts';
import type { MaybePromise } from '../../platform/core/maybe-promise.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { clearLinks, putLinks } from '../../platform/links/links.store.ts';
import type { Database, Executor, Tx } from '../../platform/db/database.ts';
import type { Appender } from '../../platform/events/append.ts';
import { redactEvents, type Change, type EventWriter } from '../../platform/events/write.ts';
import type { Pages } from '../../platform/http/pages.ts';
import { Serialised } from '../../platform/http/route.ts';
import { contentOf, merge, toCard, toView } from './knowledge.content.ts';
import { createCreation, type Times } from './knowledge.creations.ts';
import { readDecision } from './read-decision.ts';
import * as store from './knowledge.store.ts';

type EntryQuery = QueryOf<typeof contract.listEntries>;
type EntryPage = AnswerOf<typeof contract.listEntries>;
type Changes = BodyOf<typeof contract.updateEntry>;

export interface KnowledgeDependencies {
  db: Database;
  access: Access;
  write: EventWriter;
  append: Appender;
  page: Pages;
}

export type Knowledge = ReturnType<typeof createKnowledge>;

/** Documents, FAQs and decisions with their revisions. */
export function createKnowledge({ db, access, write, append, page }: KnowledgeDependencies) {
  const create = createCreation(append);
  const readShown = store.readerOf(db);

  /** @throws not-found, gone (in the trash) */
  async function find(executor: Executor, space: Space<'read'>, id: string) {
    const entry = await store.findEntry(executor, space, id);
    if (!entry) throw problem('not-found');
    if (entry.isDeleted) throw problem('gone');
    return toView(entry);
  }

  /** The entry as it stands until this change is over: others who change it wait. @throws not-found */
  async function hold(tx: Tx, space: Space<'read'>, id: string): Promise<store.StoredEntry> {
    const entry = await store.holdEntry(tx, space, id);
    if (!entry) throw problem('not-found');
    return entry;
  }

  /** As `hold`, at the version that a change is based on. @throws not-found, gone, stale-version */
  async function holdAt(tx: Tx, space: Space<'read'>, id: string, version: number) {
    const { isDeleted, ...entry } = await hold(tx, space, id);
    if (isDeleted) throw problem('gone');
    if (entry.version !== version) throw problem('stale-version', { current: entry });
    return entry;
  }

  /** Writes content as the version after `before`; the same content is no version, but may move. */
  async function revise(
    { tx, at, record }: Change,
    space: Space<'write'>,
    before: contract.Entry,
    content: store.Content,
    parentId = before.parentId,
  ): Promise<contract.Entry> {
    const { id } = before;
    if (isDeepStrictEqual(content, contentOf(before))) {
      if (parentId === before.parentId) return before;
      await store.placeEntry(tx, space, id, { parentId });
      await record(contract.entryMoved, { id, version: before.version }, { id, parentId });
      return { ...before, parentId };
    }
    const version = before.version + 1;
    await store.updateEntry(tx, space, id, { ...content, parentId, version }, at);
    await store.insertRevision(tx, space, id, version, content, at);
    await putLinks(tx, { ...linksFrom(space, id), version }, content.markdown);
    const entry = await find(tx, space, id);
    await redactEvents(tx, space, { type: 'entry', id }, content.title);
    await record(contract.entryUpdated, { id, version }, { entry: toCard(entry) });
    return entry;
  }

  async function read(space: Space<'read'>, query: EntryQuery): Promise<Serialised<EntryPage>> {
    const { limit = 50, kind, status } = query;
    const after = decodeCursor(query.after, 2) as [string, string] | undefined;
    const rows = await store.listEntries(db, space, {
      limit: limit + 1,
      ...(kind ? { kind } : {}),
      ...(status ? { status } : {}),
      ...(after ? { after } : {}),
    });
    return new Serialised(JSON.stringify(toPage(rows, limit, ({ title, id }) => [title, id])));
  }

  return {
    /** The entry as it goes over the wire. @throws not-found, gone (in the trash) */
    show(space: Space<'read'>, id: string): MaybePromise<Serialised<contract.Entry>> {
      return page(space, `entry:${id}`, async () => {
        const found = await readShown(space, id);
        if (!found) throw problem('not-found');
        if (found.isDeleted) throw problem('gone');
        return new Serialised(found.json);
      });
    },

    async suggest(actor: Actor, query: QueryOf<typeof contract.findEntries>) {
      const { query: text = '', space = null, limit = contract.FOUND_MAX } = query;
      const visible = access.visible(actor);
      return { items: await store.listNamed(db, visible, { text: text.trim(), space, limit }) };
    },

    list(space: Space<'read'>, query: EntryQuery): MaybePromise<Serialised<EntryPage>> {
      const { limit = 50, kind = '', status = '' } = query;
      if (query.after !== undefined) return read(space, query);
      return page(space, `entries:${kind}:${status}:${limit}`, () => read(space, query));
    },

    /** The same id with the same content again gives the entry there is. @throws id-taken, gone */
    async create(
      space: Space<'write'>,
      body: BodyOf<typeof contract.createEntry>,
      times: Times = {},
    ): Promise<contract.Entry> {
      const id = body.id ?? newId();
      return (await create(space, { ...body, id }, times)) ?? find(db, space, id);
    },

    /** @throws not-found, gone, stale-version (with the current entry) */
    async update(
      space: Space<'write'>,
      id: string,
      body: Changes,
      version: number,
    ): Promise<contract.Entry> {
      return write(space, async (change) => {
        const { tx, next } = change;
        const before = await holdAt(tx, space, id, version);
        const { parentId = before.parentId } = body;
        if (parentId !== before.parentId) {
          await next(); // two moves at once could put each entry under the other
          await store.requireParent(tx, space, id, parentId);
        }
        return revise(change, space, before, merge(before.kind, before, body), parentId);
      });
    },

    /**
     * An older version's content as a new version, where it is not the present one; its place among
     * documents stays.
     * @throws not-found (also of the version), gone, stale-version (with the current entry)
     */
    async restoreRevision(
      space: Space<'write'>,
      id: string,
      revision: number,
      version: number,
    ): Promise<contract.Entry> {
      return write(space, async (change) => {
        const before = await holdAt(change.tx, space, id, version);
        const old = await store.findRevision(change.tx, space, id, revision);
        if (!old) throw problem('not-found');
        const { title, status, markdown } = old;
        const text =
          before.kind === 'decision'
            ? { decision: old.decision ?? readDecision(markdown) }
            : { markdown };
        const content = merge(before.kind, before, { title, status, ...text });
        return revise(change, space, before, content);
      });
    },

    /** Into the trash, from which `restore` brings it back; again is no error. */
    async remove(space: Space<'write'>, id: string): Promise<void> {
      await write(space, async ({ tx, at, record }) => {
        const entry = await hold(tx, space, id);
        if (entry.isDeleted) return;
        const deleted = { id, version: entry.version };
        await store.placeEntry(tx, space, id, { deletedAt: at });
        await clearLinks(tx, linksFrom(space, id));
        await redactEvents(tx, space, { type: 'entry', id });
        await record(contract.entryDeleted, deleted, deleted);
      });
    },

    /** As it was, in the same version. @throws not-found; of an entry that is there it changes nothing */
    async restore(space: Space<'write'>, id: string): Promise<contract.Entry> {
      await write(space, async ({ tx, at, record }) => {
        const before = await hold(tx, space, id);
        if (!before.isDeleted) return;
        const { version } = before;
        await store.placeEntry(tx, space, id, { deletedAt: null });
        await putLinks(tx, { ...linksFrom(space, id), version }, before.markdown);
        // What an older TeamBrain deleted has a version of its own for that, without a revision.
        if (!(await store.findRevision(tx, space, id, version))) {
          await store.insertRevision(tx, space, id, version, contentOf(before), at);
        }
        const entry = toCard(await find(tx, space, id));
        await record(contract.entryRestored, { id, version }, { entry });
      });
      return find(db, space, id);
    },

    async revisions(space: Space<'read'>, id: string, query: { after?: string; limit?: number }) {
      await find(db, space, id);
      const limit = query.limit ?? 50;
      const before = query.after === undefined ? undefined : Number(query.after);
      if (query.after !== undefined && !/^\d{1,9}$/.test(query.after)) {
        throw fieldProblem('invalid-request', '/query/after', 'is not a cursor of this list');
      }
      const { items, hasMore } = await store.listRevisions(db, space, id, before, limit);
      return { items, next: hasMore ? String(items.at(-1)?.version) : null };
    },
  };
}

const linksFrom = (space: Space<'write'>, id: string) =>
  ({ spaceId: space.id, type: 'entry', id }) as const;
