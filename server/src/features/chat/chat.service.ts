import * as contract from '@teambrain/contract/chat.ts';
import type { BodyOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { Attachment } from '@teambrain/contract/files.ts';
import type { QuoteRef } from '@teambrain/contract/quoted.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import { instantOf } from '../../platform/core/instant.ts';
import { hashOf, newId } from '../../platform/core/id.ts';
import type { Attachments } from '../../platform/core/knowledge.ts';
import type { MaybePromise } from '../../platform/core/maybe-promise.ts';
import { fieldProblem, problem, ProblemError } from '../../platform/core/problem.ts';
import { clearLinks, linkRowsOf, putLinks } from '../../platform/links/links.store.ts';
import type { Database, Tx } from '../../platform/db/database.ts';
import type { Appender, Creation } from '../../platform/events/append.ts';
import { redactEvents, type EventWriter } from '../../platform/events/write.ts';
import type { Pages } from '../../platform/http/pages.ts';
import { Serialised } from '../../platform/http/route.ts';
import { pagesOf, placesOf, type Written } from './chat.pages.store.ts';
import { removePin } from './chat.pins.store.ts';
import { clearReactions } from './chat.reactions.store.ts';
import { isQuotable } from './chat.quotes.store.ts';
import * as store from './chat.store.ts';
import * as threads from './chat.threads.store.ts';
import * as versions from './chat.versions.store.ts';

export interface ChatDependencies {
  db: Database;
  access: Pick<Access, 'visible'>;
  write: EventWriter;
  append: Appender;
  page: Pages;
  /** The files that messages may carry. */
  attachments: Attachments;
}

/** A message with its author's grant. */
export interface NewMessage {
  space: Space<'write'>;
  id: string;
  text: string;
  /** Of a reply: its root, and whether it is shown in the space as well. */
  threadId?: string | undefined;
  inSpace?: boolean | undefined;
  /** Files of the author's that hang on nothing yet. */
  files?: readonly Attachment[];
  /** A message that it quotes, or forwards from another space. */
  quote?: QuoteRef | undefined;
  /** Another time than now, and when it was edited elsewhere, for imports. */
  at?: Date;
  editedAt?: Date | null;
}

/** What somebody wants to post, as the contract has it. */
type Said = BodyOf<typeof contract.postMessage>;

export type Chat = ReturnType<typeof createChat>;

/** Posting, editing, deleting and reading the messages of a space. */
export function createChat({ db, access, write, append, page, attachments }: ChatDependencies) {
  const posts = append(store.postsWith(attachments));
  const readPage = pagesOf(db);
  const findPlace = placesOf(db);

  async function find(space: Space<'read'>, id: string): Promise<contract.Message> {
    const message = await store.findMessage(db, space, id);
    if (!message) throw problem('not-found');
    return message;
  }

  async function placeOf(space: Space<'read'>, id: string) {
    const place = await findPlace(space, id);
    if (!place) throw problem('not-found');
    return place;
  }

  /** The message as it stands until this change is over: others who change it wait. */
  async function hold(tx: Tx, space: Space<'read'>, id: string): Promise<contract.Message> {
    const message = await store.holdMessage(tx, space, id);
    if (!message) throw problem('not-found');
    return message;
  }

  return {
    /**
     * Posts a message. The same id with the same text again gives the first result, whoever
     * answered the first time.
     * @throws id-taken; gone, also for a reply to what was deleted; invalid-request where the root, or
     *   what is quoted, is no message that the actor can use so, or a file is not the author's to post
     */
    async post(
      space: Space<'write'>,
      { id = newId(), text = '', files: ids = [], ...said }: Said,
      times: Pick<NewMessage, 'at' | 'editedAt'> = {},
    ): Promise<contract.Message> {
      if (!text && ids.length === 0) throw fieldProblem('invalid-request', '/body/text', EMPTY);
      if (said.quote) await requireQuotable(space, id, said.quote);
      const files = ids.length > 0 ? await findFiles(space, id, ids) : [];
      const creation = creationOf({ space, id, text, ...said, ...times, files }, ids);
      const {
        data: { message },
      } = await posts.one(creation);
      if (message.deletedAt) throw problem('gone');
      return message;
    },

    /**
     * Posts messages from elsewhere in their order, in one transaction; the grants are all for one
     * space, and the caller bounds their number. Each gives what `post` gives, or the problem that
     * it throws.
     */
    async postAll(imported: readonly NewMessage[]): Promise<(contract.Message | ProblemError)[]> {
      const posted = await posts.inOrder(imported.map((message) => creationOf(message)));
      return posted.map((one) => {
        if (one instanceof ProblemError) return one;
        return one.message.deletedAt ? problem('gone') : one.message;
      });
    },

    /** @throws not-found, forbidden, gone, stale-version (with the current message) */
    async edit(
      space: Space<'write'>,
      id: string,
      text: string,
      version: number | null,
    ): Promise<contract.Message> {
      return write(space, async ({ tx, at, record }) => {
        const before = await hold(tx, space, id);
        if (before.deletedAt) throw problem('gone');
        if (!contract.canEditMessage(before, space.actor.userId)) throw problem('forbidden');
        if (version !== null && version !== before.version) {
          throw problem('stale-version', { current: before });
        }
        const change = { text, version: before.version + 1 };
        await versions.keepVersion(tx, before);
        await redactEvents(tx, space, { type: 'message', id });
        await store.updateMessage(tx, space, id, { ...change, editedAt: at });
        await putLinks(tx, { ...linksFrom(before), version: change.version }, text);
        const message = { ...before, ...change, editedAt: at.toISOString() };
        await record(contract.messageEdited, { id, version: message.version }, { message });
        return message;
      });
    },

    /** Takes the message's words away everywhere; again is no error. @throws not-found, forbidden */
    async remove(space: Space<'write'>, id: string): Promise<void> {
      const { userId } = space.actor;
      await write(space, async ({ tx, at, next, standing, record }) => {
        const before = await hold(tx, space, id);
        if (!contract.canDeleteMessage(before, userId, space.ability)) throw problem('forbidden');
        if (before.deletedAt) return;
        const version = before.version + 1;
        await store.updateMessage(tx, space, id, { text: '', files: [], version, deletedAt: at });
        await versions.forgetVersions(tx, space, id);
        await clearReactions(tx, space, id);
        await clearLinks(tx, linksFrom(before));
        await removePin(tx, space, id);
        if (before.files.length > 0) await attachments.release(tx, space, id);
        await redactEvents(tx, space, { type: 'message', id });
        const { threadId } = before;
        // Under the lock, so that no reply is missed.
        if (threadId !== null) await next();
        const thread = threadId !== null && {
          thread: { id: threadId, ...(await threads.readState(tx, space, threadId)).state },
        };
        const deleted = { id, version, deletedAt: at.toISOString(), ...thread };
        await record(contract.messageDeleted, deleted, deleted);
        const { ability } = await standing();
        if (!contract.canDeleteMessage(before, userId, ability)) throw problem('forbidden');
      });
    },

    /** @throws not-found, forbidden */
    async versions(
      space: Space<'read'>,
      id: string,
      { after, limit = 20 }: QueryOf<typeof contract.listMessageVersions>,
    ) {
      const message = await find(space, id);
      if (!contract.canReadVersions(message, space.actor.userId, space.ability)) {
        throw problem('forbidden');
      }
      const before = after === undefined ? message.version : Number(after);
      const { items, hasMore } = await versions.listVersions(db, space, id, { before, limit });
      return { items, next: hasMore ? String(items.at(-1)?.version) : null };
    },

    /** Messages after a seq, replies and deleted ones too, at most 1,000 of them: for imports. */
    posted: (space: Space<'read'>, after: number) => store.listPosted(db, space, after, 1_000),

    list(
      space: Space<'read'>,
      query: QueryOf<typeof contract.listMessages>,
    ): MaybePromise<Serialised<contract.MessagePage>> {
      const { limit = 50, around, before, after, thread, since } = query;
      if (around !== undefined) return listAround(space, around, thread, limit);
      if (since !== undefined) return listSince(space, instantOf(since, '/query/since'), limit);
      if (thread !== undefined || before !== undefined || after !== undefined) {
        return listBeyond(space, query);
      }
      return page(space, `messages:${limit}`, () => listBeyond(space, { limit }));
    },
  };

  /** The files of a new message. One that was posted already may have lost them; it is found by its id. */
  async function findFiles(
    space: Space<'write'>,
    id: string,
    ids: readonly string[],
  ): Promise<readonly Attachment[]> {
    const files = await attachments.find(space, ids, id);
    if (files) return files;
    if (await store.findMessage(db, space, id)) return [];
    throw store.notFree();
  }

  /** A repeated message goes on although what it quotes was deleted since. @throws invalid-request */
  async function requireQuotable(space: Space<'write'>, id: string, quote: QuoteRef) {
    if (await isQuotable(db, access.visible(space.actor), quote)) return;
    if (await store.findMessage(db, space, id)) return;
    throw fieldProblem('invalid-request', '/body/quote', 'is no message that you can read');
  }

  /** @throws not-found for what is no message of the space's own stream */
  async function requireRoot(space: Space<'read'>, id: string): Promise<void> {
    if ((await placeOf(space, id)).threadId !== null) throw problem('not-found');
  }

  /** From the first message of the space's own stream of that time or later; the latest without one. */
  async function listSince(space: Space<'read'>, since: Date, limit: number) {
    const seq = await store.seqSince(db, space, since);
    if (seq === null) return listBeyond(space, { limit });
    const { older, newer, head } = await readPage(space, null, seq, { older: 0, newer: limit });
    return toPage(newer.items, head, { older: older.hasMore, newer: newer.hasMore });
  }

  async function listBeyond(
    space: Space<'read'>,
    query: QueryOf<typeof contract.listMessages>,
  ): Promise<Serialised<contract.MessagePage>> {
    const { limit = 50, thread = null } = query;
    if (thread !== null) await requireRoot(space, thread);
    const isForward = query.after !== undefined;
    const side = isForward ? 'newer' : 'older';
    const seq = isForward ? Number(query.after) + 1 : Number(query.before ?? MAX_SEQ);
    const read = await readPage(space, thread, seq, { [side]: limit });
    const [{ items, hasMore }, { head }] = [read[side], read];
    const older = items.length > 0 && (isForward || hasMore);
    const newer = items.length > 0 && (isForward ? hasMore : query.before !== undefined);
    return toPage(items, head, { older, newer });
  }

  /** Around a message of a thread, or of the space's own stream; there a reply may be shown by its root. */
  async function listAround(
    space: Space<'read'>,
    id: string,
    thread: string | undefined,
    limit: number,
  ) {
    const message = await placeOf(space, id);
    if (thread !== undefined && thread !== (message.threadId ?? message.id)) {
      throw problem('not-found');
    }
    const { threadId, inSpace } = message;
    const isHidden = thread === undefined && threadId !== null && !inSpace;
    const { seq } = isHidden ? await placeOf(space, threadId) : message;
    // Half before the message, half from it on.
    const half = Math.floor(limit / 2);
    const counts = { older: half, newer: limit - half };
    const { older, newer, head } = await readPage(space, thread ?? null, seq, counts);
    const has = { older: older.hasMore, newer: newer.hasMore };
    return toPage([...older.items, ...newer.items], head, { ...has, thread: threadId });
  }
}

const linksFrom = ({ spaceId, id, seq }: contract.Message) =>
  ({ spaceId, type: 'message', id, seq }) as const;

/** A page around messages that the database has written out already. */
function toPage(
  items: readonly Written[],
  head: number,
  has: { older: boolean; newer: boolean; thread?: string | null },
): Serialised<contract.MessagePage> {
  const previous = has.older ? String(items[0]?.seq) : null;
  const next = has.newer ? String(items.at(-1)?.seq) : null;
  const rest = JSON.stringify({ thread: has.thread ?? null, head, previous, next }).slice(1);
  const states = items.flatMap(({ id, thread, reactions, pin, quote }) =>
    thread === null && reactions === null && pin === null && quote === null
      ? []
      : [
          `{"id":"${id}","thread":${thread},"reactions":${reactions ?? '[]'},"pin":${pin},"quote":${quote}}`,
        ],
  );
  const messages = items.map(({ json }) => json).join(',');
  const isKeepable = !items.some(({ isForwarded }) => isForwarded);
  return new Serialised(
    `{"items":[${messages}],"states":[${states.join(',')}],${rest}`,
    isKeepable,
  );
}

/** Beyond every message. */
const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const EMPTY = 'is missing: a message says something or carries files';

/** How a message is created, and what it is from then on. */
const creationOf = (
  {
    space,
    id,
    text,
    threadId = undefined,
    inSpace = false,
    files = [],
    quote,
    at,
    editedAt = null,
  }: NewMessage,
  ids: readonly string[] = files.map((file) => file.id),
): Creation<typeof contract.messagePosted> => ({
  space,
  id,
  beside: linkRowsOf(text),
  requestHash: hashOf(requestOf({ text, threadId, inSpace, quote }, ids)),
  at,
  data: (place) => ({
    message: store.toMessage({
      ...place,
      spaceId: space.id,
      version: 1,
      author: { id: space.actor.userId, name: space.actor.name },
      text,
      editedAt,
      deletedAt: null,
      threadId: threadId ?? null,
      inSpace: threadId !== undefined && inSpace,
      files: [...files],
      quote: quote ?? null,
    }),
  }),
});

/** What makes two requests the same. */
function requestOf(
  { text, threadId, inSpace, quote }: Pick<NewMessage, 'text' | 'threadId' | 'inSpace' | 'quote'>,
  ids: readonly string[],
): unknown {
  const quoted = quote ? [quote.spaceId, quote.id] : [];
  if (ids.length > 0 || quote) return [text, threadId ?? null, inSpace, ids, ...quoted];
  return threadId === undefined ? text : [text, threadId, inSpace];
}
