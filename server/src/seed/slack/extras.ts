import { MESSAGE_FILES_MAX } from '@teambrain/contract/files.ts';
import { PINS_MAX } from '@teambrain/contract/pins.ts';
import { REACTIONS_MAX } from '@teambrain/contract/reactions.ts';
import { isEmoji } from '@teambrain/contract/visible.ts';
import type { Ledger } from '../ledger.ts';
import type { Source } from '../source/source.ts';
import { clean, textOf } from '../text.ts';
import { emojiOf } from './emoji.ts';
import { escapeAll } from './escape.ts';
import { objectOf, objectsOf, wordOf, type Json } from './json.ts';
import { saysAsMuch } from './loose.ts';

/** Somebody who said something in the export, by the key of authors. */
export interface Someone {
  key: string;
  name: string;
}

/** What hangs on a message beside its words. */
export interface Extras {
  reactions: { emoji: string; people: Someone[] }[];
  files: LineFile[];
  pin: { by: Someone | null } | null;
}

/** A file of the source to be attached. */
export interface LineFile {
  /** The same in every run. */
  key: string;
  name: string;
  /** In the source. */
  label: string;
  /** What the message says where it cannot be attached. */
  line: string;
}

export const NO_EXTRAS: Extras = { reactions: [], files: [], pin: null };

/** Units of the books. */
export const REACTIONS = 'reactions';
export const PINS = 'pins';
export const ATTACHED = 'attached files';

/** Slack's id of a file, as the programs that fetch files name folders or files by it. */
const FILE_ID = /(?:^|\/)(F[A-Z0-9]{5,20})(?=[-_./ ])/;

/** The files that were fetched along with an export, by their ids in Slack; the largest of each. */
export function findUploads({ files }: Source, root: string): ReadonlyMap<string, string> {
  const found = new Map<string, { label: string; size: number }>();
  for (const { label, size } of files) {
    const id = label.startsWith(root) ? FILE_ID.exec(label.slice(root.length))?.[1] : undefined;
    if (id !== undefined && size >= (found.get(id)?.size ?? 0)) found.set(id, { label, size });
  }
  return new Map([...found].map(([id, { label }]) => [id, label]));
}

/** The files that a message lists. */
export const filesOf = (row: Json): Json[] => [
  ...objectsOf(row['files']),
  ...objectsOf([row['file']]),
];

/** Those of a message's files that came with the export, as many as a message can carry. */
export function filesHere(row: Json, uploads: ReadonlyMap<string, string>): Json[] {
  const here = filesOf(row).filter((file) => uploads.has(wordOf(file['id'])));
  return here.filter((file, n) => here.indexOf(file) === n).slice(0, MESSAGE_FILES_MAX);
}

/** `File: Plan (plan.pdf)` */
export function fileLine(file: Json): string {
  const [name, title] = [textOf(file['name']), textOf(file['title'])].map((part) => clean(part));
  const shown = name && title && !saysAsMuch(name, title) ? `${title} (${name})` : name || title;
  return `File: ${escapeAll(shown || 'unnamed')}`;
}

export interface ExtrasContext {
  /** Of the export. */
  key: string;
  ledger: Ledger;
  uploads: ReadonlyMap<string, string>;
  /** Who said something in the export and has this id in Slack. */
  authorWith(id: string): Someone | undefined;
}

/** Reads what hangs on the messages of one channel, and accounts for all of it. */
export function createExtras(context: ExtrasContext, channel: Json) {
  const { key, ledger, uploads, authorWith } = context;
  const channelId = wordOf(channel['id']);
  const listed = objectsOf(channel['pins']);
  /** Who pinned what, by the `ts` of messages. */
  const pins = new Map(listed.map((pin) => [wordOf(pin['id']), wordOf(pin['user'])]));
  if (pins.size > 0) ledger.find(PINS, pins.size);
  let pinned = 0;

  function readReactions(row: Json): Extras['reactions'] {
    const read: Extras['reactions'] = [];
    for (const reaction of objectsOf(row['reactions'])) {
      const given: unknown = reaction['users'];
      const users = [...new Set(Array.isArray(given) ? given.map(wordOf) : [])].filter(Boolean);
      const count = Math.max(users.length, Math.min(Number(reaction['count']) || 0, 1_000_000));
      const name = textOf(reaction['name']);
      const emoji = emojiOf(name);
      if (count === 0) continue;
      ledger.find(REACTIONS, count);
      if (emoji === undefined || !isEmoji(emoji)) {
        ledger.leave(REACTIONS, 'with a team’s own emoji', `:${name}:`, count);
        continue;
      }
      if (read.length >= REACTIONS_MAX) {
        ledger.leave(REACTIONS, `beyond ${REACTIONS_MAX} emoji of one message`, '', count);
        continue;
      }
      const people = users.flatMap((id) => authorWith(id) ?? []);
      ledger.keep(REACTIONS, people.length);
      const others = users.length - people.length;
      if (others > 0) {
        ledger.leave(REACTIONS, 'of people who are not imported', '', others);
      }
      if (count > users.length) {
        const unnamed = count - users.length;
        ledger.leave(REACTIONS, 'of people whom the export does not name', '', unnamed);
      }
      if (people.length > 0) read.push({ emoji, people });
    }
    return read;
  }

  function readFiles(row: Json): LineFile[] {
    const here = new Set(filesHere(row, uploads));
    for (const file of filesOf(row)) {
      ledger.find(ATTACHED);
      const name = textOf(file['name']) || textOf(file['title']);
      if (file['mode'] === 'tombstone') ledger.leave(ATTACHED, 'deleted in Slack');
      else if (here.has(file)) ledger.keep(ATTACHED);
      else if (uploads.has(wordOf(file['id']))) {
        ledger.leave(ATTACHED, `beyond ${MESSAGE_FILES_MAX} of one message (${AS_TEXT})`, name);
      } else ledger.leave(ATTACHED, `of which the export has the address alone (${AS_TEXT})`, name);
    }
    return [...here].map((file) => {
      const id = wordOf(file['id']);
      const name = textOf(file['name']) || textOf(file['title']) || 'file';
      return { key: `${key}/${id}`, name, label: uploads.get(id) ?? '', line: fileLine(file) };
    });
  }

  function readPin(row: Json): Extras['pin'] {
    const ts = wordOf(row['ts']);
    const isMarked = Array.isArray(row['pinned_to']) && row['pinned_to'].includes(channelId);
    if (!pins.has(ts) && !isMarked) return null;
    if (!pins.has(ts)) ledger.find(PINS);
    const by = pins.get(ts) || wordOf(objectOf(row['pinned_info'])['pinned_by']);
    pins.delete(ts);
    pinned += 1;
    if (pinned > PINS_MAX) {
      ledger.leave(PINS, `beyond ${PINS_MAX} in a channel`);
      return null;
    }
    ledger.keep(PINS);
    return { by: authorWith(by) ?? null };
  }

  return {
    /** Of a message that is taken; once for each. */
    read: (row: Json): Extras => ({
      reactions: readReactions(row),
      files: readFiles(row),
      pin: readPin(row),
    }),
    /** After the last message. */
    end() {
      if (pins.size > 0) ledger.leave(PINS, 'of what is not imported', '', pins.size);
    },
  };
}

export const AS_TEXT = 'kept as a line with the name';
