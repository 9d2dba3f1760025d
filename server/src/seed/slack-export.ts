import { SPACE_NAME_MAX } from '@teambrain/contract/spaces.ts';
import { NAME_MAX } from '@teambrain/contract/auth.ts';
import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import { SeedError, type PackedFile } from './archive.ts';
import { clean, markdownOf, partsOfText, type SlackNames } from './slack-text.ts';

/** One message to post. `key` is the same in every run over the same export. */
export interface ChatLine {
  key: string;
  author: { key: string; name: string };
  at: Date;
  text: string;
}

/** One channel to become a space, its lines in the order of time. */
export interface ChatSeed {
  kind: 'chat';
  key: string;
  name: string;
  description: string;
  lines: ChatLine[];
}

type Json = Record<string, unknown>;

interface Context {
  /** Tells this export from others: its team and oldest channel. */
  key: string;
  users: Map<string, string>;
  names: SlackNames;
  count: (what: string) => void;
}

/** Messages that people or bots wrote; every other subtype is Slack's own bookkeeping. */
const WRITTEN = new Set([
  '',
  'bot_message',
  'file_share',
  'file_comment',
  'me_message',
  'thread_broadcast',
]);

/** Whether a file of an export (at whatever depth) is one to read. */
export const isSlackFile = (label: string): boolean =>
  /(?:^|\/)(?:channels|users|groups|dms|mpims)\.json$/.test(label) ||
  /(?:^|\/)[^/]+\/\d{4}-\d{2}-\d{2}\.json$/.test(label);

/**
 * The public channels of a Slack export that have messages. `notes` says what was left out and how
 * often. Nothing in the export is taken for an id, a role or a place here.
 *
 * @throws SeedError if the files are no export
 */
export function readSlackExport(files: readonly PackedFile[]): {
  channels: ChatSeed[];
  notes: Map<string, number>;
} {
  const notes = new Map<string, number>();
  const count = (what: string) => void notes.set(what, (notes.get(what) ?? 0) + 1);
  const list = files.find(({ label }) => /(?:^|\/)channels\.json$/.test(label));
  if (!list) throw new SeedError('The export has no channels.json');
  const root = list.label.slice(0, -'channels.json'.length);
  const byLabel = new Map(files.map((file) => [file.label, file]));
  const users = new Map(
    listOf(byLabel.get(`${root}users.json`)).map((user) => [textOf(user['id']), userName(user)]),
  );
  const declared = listOf(list).filter((channel) => textOf(channel['name']) !== '');
  const channelNames = new Map(declared.map((c) => [textOf(c['id']), textOf(c['name'])]));
  for (const left of ['groups', 'dms', 'mpims']) {
    for (const _ of listOf(byLabel.get(`${root}${left}.json`))) {
      count('private channels and conversations');
    }
  }
  const names = {
    user: (id: string) => users.get(id),
    channel: (id: string) => channelNames.get(id),
  };
  const context: Context = { key: exportKey(declared), users, names, count };
  const channels = declared.map((channel) => {
    const folder = `${root}${textOf(channel['name'])}/`;
    const days = files
      .filter(({ label }) => label.startsWith(folder) && !label.slice(folder.length).includes('/'))
      .sort((a, b) => (a.label < b.label ? -1 : 1));
    return toSeed(channel, days, context);
  });
  for (const { lines } of channels) if (lines.length === 0) count('channels without messages');
  return { channels: channels.filter(({ lines }) => lines.length > 0), notes };
}

/** Slack's channel ids and creation times never change; the oldest channel names the export. */
function exportKey(channels: readonly Json[]): string {
  const created = (channel: Json) => Number(channel['created']) || 0;
  const [oldest] = [...channels].sort((a, b) => created(a) - created(b));
  return `slack/${textOf(oldest?.['id'])}/${oldest ? created(oldest) : 0}`;
}

function toSeed(channel: Json, days: readonly PackedFile[], context: Context): ChatSeed {
  const id = textOf(channel['id']) || textOf(channel['name']);
  const purpose = textOf((channel['purpose'] as Json | null)?.['value']);
  const rows = days.flatMap((day) => listOf(day)).filter((row) => isWritten(row, context));
  const seen = new Map<string, number>();
  const lines = rows
    .sort((a, b) => secondsOf(a) - secondsOf(b))
    .flatMap((row) => linesOf(row, context, seen));
  return {
    kind: 'chat',
    key: `${context.key}/${id}`,
    name: lineOf(textOf(channel['name']), SPACE_NAME_MAX) || id,
    description: clean(markdownOf(purpose, context.names)).slice(0, 500),
    lines,
  };
}

function isWritten(row: Json, { count }: Context): boolean {
  const isMessage = row['type'] === 'message' && WRITTEN.has(textOf(row['subtype']));
  if (!isMessage) count('join, leave and other system lines');
  else if (!(secondsOf(row) > 0 && secondsOf(row) < LATEST)) count('messages without a time');
  else return true;
  return false;
}

/** Slack's `ts`: seconds since 1970 with the microseconds that make it unique in its channel. */
const secondsOf = (row: Json) => Number.parseFloat(textOf(row['ts']));
/** The year 2100. */
const LATEST = 4_102_444_800;

function linesOf(row: Json, context: Context, seen: Map<string, number>): ChatLine[] {
  const text = fullText(row, context);
  if (!text.trim()) {
    context.count('messages without text');
    return [];
  }
  const author = authorOf(row, context);
  const at = new Date(secondsOf(row) * 1_000);
  const base = `${author.key}/${textOf(row['ts'])}`;
  return partsOfText(text, MESSAGE_MAX).map((part) => {
    const nth = seen.get(base) ?? 0;
    seen.set(base, nth + 1);
    return { key: `${base}/${nth}`, author, at, text: part };
  });
}

/** The text with what hangs on it: attachments by their text, files by their name. */
function fullText(row: Json, { names, count }: Context): string {
  const own = markdownOf(textOf(row['text']), names);
  const text = row['subtype'] === 'me_message' && own ? `_${own}_` : own;
  const attached = objectsOf(row['attachments']).map((attachment) =>
    markdownOf(textOf(attachment['text']) || textOf(attachment['fallback']), names),
  );
  const files = objectsOf(row['files']).map((file) => {
    count('attached files (their names are kept)');
    const name = textOf(file['name']) || textOf(file['title']) || 'unnamed';
    return `File: ${markdownOf(name, names)}`;
  });
  if (objectsOf(row['reactions']).length > 0) count('reactions (messages that had some)');
  return [text, ...attached, ...files].filter((part) => part.trim()).join('\n\n');
}

function authorOf(row: Json, { key, users }: Context): ChatLine['author'] {
  const id = textOf(row['user']);
  const profile = (row['user_profile'] ?? row['bot_profile'] ?? {}) as Json;
  const bot = textOf(row['username']) || textOf(profile['name']);
  const known = users.get(id);
  const given = textOf(profile['display_name']) || textOf(profile['real_name']) || bot;
  const name = known ?? (lineOf(given, NAME_MAX) || id || 'Unknown');
  const own = id || `bot/${textOf(row['bot_id']) || name}`;
  return { key: `${key}/${own}`, name };
}

function userName(user: Json): string {
  const profile = (user['profile'] ?? {}) as Json;
  const shown = [profile['display_name'], profile['real_name'], user['real_name'], user['name']];
  const name = shown.map((value) => lineOf(textOf(value), NAME_MAX)).find(Boolean);
  return name ?? (textOf(user['id']) || 'Unknown');
}

/** One line without control characters, cut to `most` characters. */
export function lineOf(text: string, most: number): string {
  const line = clean(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return partsOfText(line, most)[0] ?? '';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const objectsOf = (value: unknown): Json[] =>
  Array.isArray(value)
    ? value.filter((item): item is Json => typeof item === 'object' && item !== null)
    : [];

/** The objects in a file's JSON list; none for a missing file. @throws SeedError if it is no JSON */
function listOf(file: PackedFile | undefined): Json[] {
  if (!file) return [];
  try {
    return objectsOf(JSON.parse(new TextDecoder().decode(file.bytes)));
  } catch {
    throw new SeedError(`${JSON.stringify(file.label)} of the export is not valid JSON`);
  }
}
