import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import { addressOf } from '@teambrain/contract/links.ts';
import { SPACE_NAME_MAX } from '@teambrain/contract/spaces.ts';
import type { Ledger } from '../ledger.ts';
import { decodeText } from '../source/decode.ts';
import { SeedError, UnreadableError, type Source } from '../source/source.ts';
import { isMessage } from '@teambrain/contract/visible.ts';
import { clean, lineOf, nameLine, partsOfText, textOf } from '../text.ts';
import { isObject, objectOf, objectsOf, wordOf, type Json } from './json.ts';
import { authorOf, editedAtOf, messageText, reasonToLeave, secondsOf } from './message.ts';
import { markdownOf } from './mrkdwn.ts';
import { idOf } from '../write-run.ts';
import { createExtras, filesHere, findUploads, NO_EXTRAS, type Extras } from './extras.ts';
import { createPeople, type People } from './people.ts';

/** One message to post. `key` is the same in every run over the same export. */
export interface ChatLine {
  key: string;
  author: { key: string; name: string };
  at: Date;
  editedAt: Date | null;
  text: string;
  /** Whether it is the first of those that one message of the source was cut into. */
  isFirst: boolean;
  /** Of an answer in a thread the key of the thread's first message. */
  root: string | null;
  /** Whether an answer was sent to the channel as well. */
  inSpace: boolean;
  /** What hangs on it; with the first of its parts. */
  extras: Extras;
}

/** One channel to become a space. */
export interface ChatSeed {
  kind: 'chat';
  key: string;
  name: string;
  description: string;
  /** Channels that messages link to: their spaces' ids, and the keys of their seeds. */
  linked: ReadonlyMap<string, string>;
  /** Reads and counts the messages, in the order of time; to be called once. */
  lines(): Promise<ChatLine[]>;
  /** The bytes of a file that its messages carry. Throws as the source's `read` does. */
  read(label: string): Promise<Uint8Array>;
}

/** Who and what of an export is to be somebody or something here. */
interface Imported {
  /** Ids in Slack of people who said something. */
  authors: Set<string>;
  /** By a channel's id in Slack the key of its seed. */
  channels: Map<string, string>;
  /** By the id of its space the same key. */
  spaces: Map<string, string>;
}

interface Context {
  /** Tells this export from others: its team and oldest channel. */
  key: string;
  source: Source;
  people: People;
  ledger: Ledger;
  /** Files that could not be read, and why: they are reported once. */
  broken: Map<string, string>;
  imported: Imported;
  /** Files that came with the export, by their ids in Slack; and those that messages carry. */
  uploads: ReadonlyMap<string, string>;
  carried: Set<string>;
}

/** What people posted, as a unit of the books; files are the other one. */
const MESSAGES = 'messages';
const FILES = 'files';
const PRIVATE = ['groups', 'dms', 'mpims'];

/**
 * The public channels of a Slack export that have messages, below `root` in the source. Everything
 * is read once to see that it can be and who is who; the messages are read again channel by channel,
 * so that one channel at a time is in memory. Nothing in the export is taken for an id, a role or a
 * place here.
 *
 * @throws SeedError if its list of channels cannot be read
 */
export async function readSlackExport(
  source: Source,
  root: string,
  ledger: Ledger,
): Promise<ChatSeed[]> {
  const broken = new Map<string, string>();
  const lists = await readLists(source, root, ledger, broken);
  const declared = lists.channels.filter((channel) => channelName(channel) !== '');
  const names = new Map(declared.map((c) => [wordOf(c['id']), channelName(c)]));
  const key = exportKey(declared);
  const imported: Imported = { authors: new Set(), channels: new Map(), spaces: new Map() };
  const people = createPeople(lists.users, names, addressIn(key, imported, ledger));
  const uploads = findUploads(source, root);
  const carried = new Set<string>();
  const context: Context = { key, source, people, ledger, broken, imported, uploads, carried };
  const folders = foldersOf(source, root);
  const given = assignFolders(declared, folders);
  const seeds: ChatSeed[] = [];
  for (const [channel, labels] of given) {
    const count = await survey(labels, context);
    if (count > 0) {
      const seed = toSeed(channel, labels, context);
      seeds.push(seed);
      imported.channels.set(wordOf(channel['id']), seed.key);
      imported.spaces.set(idOf('space', seed.key), seed.key);
    } else if (labels.length > 0) await toSeed(channel, labels, context).lines();
    if (count === 0) ledger.leave('channels', 'without messages', channelName(channel));
    else ledger.keep('channels');
  }
  ledger.find('channels', declared.length);
  const used = new Set([...lists.used, ...[...given.values()].flat(), ...carried]);
  leaveOthers(used, lists.private, folders, root, context);
  return seeds;
}

/** Addresses of those who are imported; the others are counted, and stay names. */
function addressIn(key: string, { authors, channels }: Imported, ledger: Ledger) {
  return (kind: '@' | '#', id: string): string | undefined => {
    if (kind === '@' && authors.has(id)) {
      return addressOf('person', idOf('author', `${key}/${id}`));
    }
    const channel = channels.get(id);
    if (kind === '#' && channel !== undefined) return addressOf('space', idOf('space', channel));
    ledger.note(
      kind === '@'
        ? 'mentions of people who are not imported (kept as names)'
        : 'mentions of channels that are not imported (kept as names)',
    );
    return undefined;
  };
}

const channelName = (channel: Json) => textOf(channel['name']).normalize('NFC');

/** Slack's channel ids and creation times never change; the oldest channel names the export. */
function exportKey(channels: readonly Json[]): string {
  const created = (channel: Json) => Number(channel['created']) || 0;
  const [oldest] = [...channels].sort((a, b) => created(a) - created(b));
  return `slack/${wordOf(oldest?.['id'])}/${oldest ? created(oldest) : 0}`;
}

async function readLists(
  source: Source,
  root: string,
  ledger: Ledger,
  broken: Map<string, string>,
) {
  const used: string[] = [];
  const read = async (name: string): Promise<Json[]> => {
    const label = `${root}${name}.json`;
    if (!source.files.some((file) => file.label === label)) return [];
    ledger.find(FILES);
    used.push(label);
    const rows = await readRows(source, label, ledger, broken);
    if (rows) ledger.keep(FILES);
    return objectsOf(rows ?? []);
  };
  const channels = await read('channels');
  const label = `${root}channels.json`;
  const why = broken.get(label);
  if (why) throw new SeedError(`${label} of ${source.path} cannot be read: ${why}`);
  const users = [...(await read('users')), ...(await read('org_users'))];
  const conversations: Json[] = [];
  for (const name of PRIVATE) conversations.push(...(await read(name)));
  return { channels, users, private: conversations, used };
}

/** Every folder of day files below the root, by its name. */
function foldersOf(source: Source, root: string): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const { label } of source.files) {
    if (!label.startsWith(root)) continue;
    const [folder = '', file = '', deeper] = label.slice(root.length).split('/');
    if (deeper !== undefined || !file.toLowerCase().endsWith('.json')) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), label]);
  }
  return folders;
}

/**
 * The files of each channel. Tools name folders by the channel's name or id; of two channels with
 * one name only the first can have the folder of that name, so that nothing is imported twice.
 */
function assignFolders(channels: readonly Json[], folders: ReadonlyMap<string, string[]>) {
  const free = new Set(folders.keys());
  const given = new Map<Json, string[]>();
  for (const channel of channels) {
    const [id, name] = [wordOf(channel['id']), channelName(channel)];
    const wanted = [id, `${name}-${id}`, `${name} (${id})`, name, lineOf(name, 255)];
    const folder = wanted.find((candidate) => candidate !== '' && free.has(candidate)) ?? '';
    free.delete(folder);
    given.set(channel, (folders.get(folder) ?? []).slice().sort());
  }
  return given;
}

/** Reads a channel's files for names, and counts the messages in them. */
async function survey(labels: readonly string[], context: Context): Promise<number> {
  let count = 0;
  for (const label of labels) {
    context.ledger.find(FILES);
    const rows = await readRows(context.source, label, context.ledger, context.broken);
    if (!rows) continue;
    context.ledger.keep(FILES);
    for (const row of rows) {
      if (!isObject(row)) continue;
      context.people.glean(row);
      if (reasonToLeave(row) !== null) continue;
      count += 1;
      const { key } = authorOf(row, context.people);
      if (key === wordOf(row['user'])) context.imported.authors.add(key);
      for (const file of filesHere(row, context.uploads)) take(file, context);
    }
  }
  return count;
}

/** A file of the source that a message carries is one that is taken. */
function take(file: Json, { uploads, carried, ledger }: Context): void {
  const label = uploads.get(wordOf(file['id'])) ?? '';
  if (carried.has(label)) return;
  carried.add(label);
  ledger.find(FILES);
  ledger.keep(FILES);
}

function toSeed(channel: Json, labels: readonly string[], context: Context): ChatSeed {
  const id = wordOf(channel['id']) || channelName(channel);
  const purpose = textOf(objectOf(channel['purpose'])['value']);
  return {
    kind: 'chat',
    key: `${context.key}/${id}`,
    name: nameLine(channelName(channel), SPACE_NAME_MAX) || id,
    // A description is no Markdown: it has names alone.
    description: partsOfText(clean(markdownOf(purpose, namesAlone(context.people))), 500)[0] ?? '',
    linked: context.imported.spaces,
    lines: () => readLines(channel, labels, context),
    read: (label) => context.source.read(label),
  };
}

const namesAlone = ({ user, channel }: People) => ({ user, channel });

async function readLines(
  channel: Json,
  labels: readonly string[],
  context: Context,
): Promise<ChatLine[]> {
  const { source, ledger, people, broken, uploads, imported } = context;
  const authorWith = (id: string) =>
    imported.authors.has(id)
      ? { key: `${context.key}/${id}`, name: people.user(id) ?? people.nameless(id) }
      : undefined;
  const extras = createExtras({ key: context.key, ledger, uploads, authorWith }, channel);
  const reading = { people, note: (what: string) => void ledger.note(what) };
  const places = new Map<string, string>();
  const found: (Found & { seconds: number })[] = [];
  for (const label of labels.filter((label) => !broken.has(label))) {
    for (const row of (await readRows(source, label, ledger, broken)) ?? []) {
      ledger.find(MESSAGES);
      const reason = isObject(row) ? reasonToLeave(row) : 'lines that are no messages';
      if (reason !== null || !isObject(row)) {
        ledger.leave(MESSAGES, reason ?? '');
        continue;
      }
      const same = `${wordOf(row['ts'])} ${wordOf(row['user'])} ${textOf(row['text'])}`;
      const place = places.get(same) ?? label;
      places.set(same, place);
      const text = place === label ? messageText(row, reading, uploads) : '';
      const isEmpty = !isMessage(text) && filesHere(row, uploads).length === 0;
      if (place !== label) ledger.leave(MESSAGES, 'the same as in another file of the channel');
      else if (isEmpty) ledger.leave(MESSAGES, 'without any words');
      else {
        ledger.keep(MESSAGES);
        const { own, key, name } = authorOf(row, people);
        const author = { key: `${context.key}/${key}`, name };
        const seconds = secondsOf(row);
        const at = new Date(seconds * 1_000);
        const inSpace = row['subtype'] === 'thread_broadcast';
        const more = extras.read(row);
        const line = { author, at, editedAt: editedAtOf(row), text, inSpace, extras: more };
        const ts = wordOf(row['ts']);
        const thread = wordOf(row['thread_ts']);
        found.push({ seconds, ts, thread, base: `${context.key}/${own}/${ts}`, line });
      }
    }
  }
  extras.end();
  return keyed(
    found.sort((a, b) => a.seconds - b.seconds),
    ledger,
  );
}

/** A message as it was read; `thread` is the `ts` of its thread's first message, if it has one. */
interface Found {
  ts: string;
  thread: string;
  base: string;
  line: Omit<ChatLine, 'key' | 'isFirst' | 'root'>;
}

/** Messages in the order of time, with their keys and threads, cut to the length one may have. */
function keyed(found: readonly Found[], ledger: Ledger): ChatLine[] {
  const seen = new Map<string, number>();
  /** Keys of messages that are no answers, by their `ts`. */
  const roots = new Map<string, string>();
  return found.flatMap(({ ts, thread, base, line }) => {
    const cut = partsOfText(line.text, MESSAGE_MAX);
    const parts = cut.length > 0 ? cut : [''];
    if (parts.length > 1) ledger.note('messages too long for one (cut into several)');
    const isAnswer = thread !== '' && thread !== ts;
    const root = isAnswer ? (roots.get(thread) ?? null) : null;
    if (root !== null) ledger.note('answers in threads');
    else if (isAnswer) ledger.note('answers without the first message (placed by their time)');
    return parts.map((text, index) => {
      const nth = seen.get(base) ?? 0;
      seen.set(base, nth + 1);
      const key = `${base}/${nth}`;
      if (root === null && index === 0 && !roots.has(ts)) roots.set(ts, key);
      return {
        ...line,
        key,
        text,
        isFirst: index === 0,
        extras: index === 0 ? line.extras : NO_EXTRAS,
        root,
        inSpace: root !== null && line.inSpace,
      };
    });
  });
}

/** Accounts for the files that were not read, and for what is private. */
function leaveOthers(
  used: ReadonlySet<string>,
  conversations: readonly Json[],
  folders: ReadonlyMap<string, string[]>,
  root: string,
  { source, ledger }: Context,
): void {
  ledger.find('private channels and conversations', conversations.length);
  ledger.leave('private channels and conversations', 'not imported', '', conversations.length);
  const own = new Set(conversations.flatMap((c) => [wordOf(c['id']), channelName(c)]));
  for (const { label } of source.files) {
    if (used.has(label) || !label.startsWith(root)) continue;
    const [folder = ''] = label.slice(root.length).split('/');
    const isPrivate = folders.has(folder) && own.has(folder);
    const isDay = folders.get(folder)?.includes(label) ?? false;
    const reason = isPrivate
      ? 'of private channels and conversations'
      : isDay
        ? 'in a folder that no channel in channels.json has'
        : 'of another kind than messages';
    ledger.find(FILES);
    ledger.leave(FILES, reason, isPrivate ? '' : isDay ? `${root}${folder}` : label);
  }
}

/** The rows of a file; null, and reported once, if there is no list of JSON in it. */
async function readRows(
  source: Source,
  label: string,
  ledger: Ledger,
  broken: Map<string, string>,
): Promise<unknown[] | null> {
  const leave = (why: string) => {
    if (!broken.has(label)) ledger.leave(FILES, why, label);
    broken.set(label, why);
    return null;
  };
  try {
    const decoded = decodeText(await source.read(label));
    if (!decoded) return leave('in an encoding that cannot be told');
    const rows: unknown = JSON.parse(decoded.text);
    return Array.isArray(rows) ? rows : leave('without a list of messages in them');
  } catch (error) {
    if (error instanceof UnreadableError) return leave(error.message);
    if (error instanceof SyntaxError) return leave('not valid JSON');
    throw error;
  }
}
