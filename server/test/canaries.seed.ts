import { randomBytes } from 'node:crypto';
import * as chat from '@teambrain/contract/chat.ts';
import { putDraft } from '@teambrain/contract/drafts.ts';
import { createGroup } from '@teambrain/contract/groups.ts';
import { scheduleMessage } from '@teambrain/contract/scheduled.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { createCast, register, type Person } from '../src/testing/people.ts';
import { upload } from '../src/testing/files/uploads.ts';
import { createTestApp, type TestAppOptions } from '../src/testing/test-app.ts';
import { createSender } from './support/http.ts';
import { ACTORS, claimsOf, sessionOf } from './support/world.ts';

/** A text that stands in one place, and who may come to read it. */
export interface Canary {
  name: string;
  text: string;
  /** What of it is looked for, in lower case; survives stemming and cutting into words. */
  trace: string;
  readers: ReadonlySet<string>;
}

export type Aviary = ReturnType<typeof createAviary>;

const NOBODY: readonly string[] = [];

export function createAviary() {
  const canaries: Canary[] = [];
  const add = (name: string, readers: readonly string[], text: string, trace = text) => {
    canaries.push({ name, text, trace: trace.toLowerCase(), readers: new Set(readers) });
    return text;
  };
  return {
    canaries,
    /** A new text that only the readers may ever see. */
    plant(name: string, readers: readonly string[]): string {
      const trace = `a${randomBytes(6).toString('hex')}7`;
      return add(name, readers, `CNRY-${trace}`, trace);
    },
    /** A text there is already. */
    declare: add,
    /** Canaries that stand in a text. */
    namesIn(text: string): string[] {
      const lower = text.toLowerCase();
      return canaries.filter(({ trace }) => lower.includes(trace)).map(({ name }) => name);
    },
    /** Canaries that this actor may not read, of those that stand in a text. */
    leaksIn(actor: string, text: string): string[] {
      const lower = text.toLowerCase();
      return canaries
        .filter(({ readers, trace }) => !readers.has(actor) && lower.includes(trace))
        .map(({ name }) => name);
    },
  };
}

/** Everyone who crawls; `hermit` keeps a protected space alone. */
export const CRAWLERS = [...ACTORS, 'hermit'] as const;
export type Crawler = (typeof CRAWLERS)[number];

const SIGNED_IN: readonly string[] = CRAWLERS.filter((name) => name !== 'anonymous');
const IN_VAULT = ['member', 'moderator', 'owner'];

/** Ids of everything that was made, in one heap for the crawler. */
export interface Heap {
  spaces: string[];
  messages: string[];
  entries: string[];
  files: string[];
  groups: string[];
  users: string[];
  sessions: string[];
}

export type Flock = Awaited<ReturnType<typeof createFlock>>;

/** An app with its cast and three spaces: Lobby (public), Vault and Cell (protected). */
export async function createFlock(options: TestAppOptions = {}) {
  const app = await createTestApp(options);
  const aviary = createAviary();
  const cast = await createCast(app.url);
  const hermit = await register(app.url, aviary.plant('name of the hermit', ['hermit']));
  const people: Record<string, Person> = { hermit };
  for (const name of SIGNED_IN) if (name in cast) people[name] = cast[name as 'owner'];
  const cell = await hermit.call(spaces.createSpace, {
    body: {
      name: aviary.plant('name of the cell', SIGNED_IN),
      visibility: 'protected',
      password: aviary.plant('password of the cell', NOBODY),
    },
  });
  const heap: Heap = {
    spaces: [cast.publicSpace.id, cast.protectedSpace.id, cell.id],
    messages: [],
    entries: [],
    files: [],
    groups: [],
    users: Object.values(people).map(({ id }) => id),
    sessions: Object.values(people).map(({ token }) => sessionOf(token)),
  };
  for (const [name, { email, password, token }] of Object.entries(people)) {
    aviary.declare(`e-mail of ${name}`, [name], email);
    aviary.declare(`password of ${name}`, NOBODY, password);
    // The signature alone: header and claims hold nothing secret.
    aviary.declare(`access token of ${name}`, NOBODY, token, token.split('.')[2]);
    aviary.declare(`session of ${name}`, [name], String(claimsOf(token)['sid']));
  }
  // Everybody may know of a group; of its members only those with whom they share a space.
  const group = { name: aviary.plant('name of a group', SIGNED_IN).slice(0, 60) };
  heap.groups.push((await hermit.call(createGroup, { body: group })).id);
  const send = createSender(app.url);
  return { app, url: app.url, aviary, cast, people, hermit, heap, send };
}

/** Fills Vault and Cell: what is in there is for those inside. */
export async function fillProtected(flock: Flock): Promise<void> {
  const { cast, hermit, heap, aviary } = flock;
  const [, vault = '', cell = ''] = heap.spaces;
  const password = aviary.plant('password of the vault', NOBODY);
  await cast.owner.call(spaces.updateSpace, { params: { spaceId: vault }, body: { password } });
  await fill(flock, { spaceId: vault, where: 'the vault', readers: IN_VAULT, people: cast });
  const alone = { owner: hermit, member: hermit };
  await fill(flock, { spaceId: cell, where: 'the cell', readers: ['hermit'], people: alone });
}

export async function fillPublic(flock: Flock): Promise<void> {
  const { cast, heap } = flock;
  const [spaceId = ''] = heap.spaces;
  await fill(flock, { spaceId, where: 'the lobby', readers: SIGNED_IN, people: cast });
}

interface Nest {
  spaceId: string;
  where: string;
  readers: readonly string[];
  people: { owner: Person; member: Person };
}

/** Puts one of everything into a space, each with its canary. */
async function fill(flock: Flock, nest: Nest): Promise<void> {
  const { spaceId, where, readers, people } = nest;
  const params = { spaceId };
  const description = flock.aviary.plant(`description of ${where}`, readers);
  await people.owner.call(spaces.updateSpace, { params, body: { description } });
  await fillChat(flock, nest);
  await fillKnowledge(flock, nest);
}

async function fillChat({ app, aviary, heap }: Flock, { spaceId, where, readers, people }: Nest) {
  const params = { spaceId };
  const text = (what: string, who = readers) =>
    `The coffee machine is ${aviary.plant(`${what} in ${where}`, who)} these days.`;
  const post = async (
    what: string,
    who = readers,
    more: { threadId?: string; inSpace?: boolean } = {},
  ) => {
    const { id } = await people.member.call(chat.postMessage, {
      params,
      body: { text: text(what, who), ...more },
    });
    heap.messages.push(id);
    return id;
  };
  const edit = (messageId: string, what: string, who = readers) =>
    people.member.call(chat.editMessage, {
      params: { ...params, messageId },
      body: { text: text(what, who) },
    });
  const remove = (messageId: string) =>
    people.owner.call(chat.deleteMessage, { params: { ...params, messageId } });

  const threadId = await post('a message');
  await post('a reply', readers, { threadId });
  await post('a reply in the space', readers, { threadId, inSpace: true });
  await remove(await post('a deleted reply', NOBODY, { threadId }));
  // What a message said before is for its author and those who manage the space.
  const others = ['hermit', 'outsider', 'locked', 'exMember'];
  const formerly =
    where === 'the lobby' ? readers.filter((name) => !others.includes(name)) : readers;
  await edit(await post('a message before its change', formerly), 'a message after its change');
  await remove(await post('a deleted message', NOBODY));
  const root = await post('a deleted message that was replied to', NOBODY);
  await post('a reply that outlives its root', readers, { threadId: root });
  // Its words are in the index, with those of the reply too.
  await app.followers.idle();
  await remove(root);
  const changed = await post('a changed and deleted message', NOBODY);
  await edit(changed, 'the change of a deleted message', NOBODY);
  await remove(changed);
  const carry = async (what: string, who = readers) => {
    const name = aviary.plant(`the name of ${what} in ${where}`, who);
    const content = aviary.plant(`what ${what} in ${where} says`, who);
    const file = await upload(people.member, spaceId, `${name}.txt`, content);
    heap.files.push(file.id);
    const { id } = await people.member.call(chat.postMessage, {
      params,
      body: { files: [file.id] },
    });
    heap.messages.push(id);
    return id;
  };
  const [writer] = readers.includes('member') ? ['member'] : readers;
  const draft = { text: text('a draft', [writer ?? 'hermit']), base: 0 };
  await people.member.call(putDraft, { params, body: draft });
  const later = await people.member.call(scheduleMessage, {
    params,
    body: {
      text: text('a scheduled message', [writer ?? 'hermit']),
      sendAt: new Date(Date.now() + 86_400_000).toISOString(),
    },
  });
  heap.messages.push(later.id);
  await carry('a file');
  await remove(await carry('a file of a deleted message', NOBODY));
}

async function fillKnowledge({ aviary, heap }: Flock, { spaceId, where, readers, people }: Nest) {
  const params = { spaceId };
  const plant = (what: string, who = readers) => aviary.plant(`${what} in ${where}`, who);
  const write = async (body: Parameters<typeof make>[0]) => {
    const { id } = await make(body);
    heap.entries.push(id);
    return id;
  };
  const make = (body: {
    kind: knowledge.EntryKind;
    title: string;
    markdown?: string;
    decision?: knowledge.DecisionFields;
  }) => people.owner.call(knowledge.createEntry, { params, body });
  const prose = (what: string, who = readers) =>
    `## ${plant(`heading of ${what}`, who)}\n\nThe coffee machine is ${plant(what, who)} now.`;

  const document = await write({
    kind: 'document',
    title: plant('title of the first revision'),
    markdown: prose('the first revision'),
  });
  await people.member.call(knowledge.updateEntry, {
    params: { ...params, entryId: document },
    version: 1,
    body: { title: plant('title of a document'), markdown: prose('a document') },
  });
  await write({ kind: 'faq', title: plant('a question'), markdown: prose('an answer') });
  await write({
    kind: 'decision',
    title: plant('a decision'),
    decision: {
      context: plant('the context'),
      options: plant('the options'),
      outcome: plant('the outcome'),
      consequences: plant('the consequences'),
    },
  });
  const trashed = await write({
    kind: 'document',
    title: plant('title of a trashed document', NOBODY),
    markdown: prose('a trashed document', NOBODY),
  });
  const about = { params: { ...params, entryId: trashed } };
  await people.owner.call(knowledge.deleteEntry, about);
}
