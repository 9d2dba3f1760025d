import { NAME_MAX } from '@teambrain/contract/auth.ts';
import { nameLine, textOf } from '../text.ts';
import { attachmentText, type Reading } from './attachments.ts';
import { blocksText } from './blocks.ts';
import { fileLine, filesHere, filesOf } from './extras.ts';
import { objectOf, objectsOf, wordOf, type Json } from './json.ts';
import { saysAsMuch } from './loose.ts';
import { markdownOf } from './mrkdwn.ts';
import { userName, type People } from './people.ts';

/** Lines that Slack itself writes about a channel: nobody said them. */
const OWN_LINES =
  /^(?:(?:channel|group|im|mpim|dm|reminder|huddle|sh_room|app_conversation|joiner|ekm|bookmark|call)_\w+|(?:un)?pinned_item|bot_(?!message$)\w+|file_mention|message_replied|assistant_app_thread)$/;
const DELETED = new Set(['tombstone', 'message_deleted']);

/** Slack's `ts`: seconds since 1970 with the microseconds that make it unique in its channel. */
export const secondsOf = (row: Json): number => Number.parseFloat(wordOf(row['ts']));
/** The year 2100. */
const LATEST = 4_102_444_800;

/** Why a row of a day's file is no message to import; null if it is one. */
export function reasonToLeave(row: Json): string | null {
  const subtype = textOf(row['subtype']);
  const type = row['type'];
  if (type !== 'message' && !(type === undefined && row['ts'] !== undefined)) {
    return 'lines that are no messages';
  }
  if (DELETED.has(subtype)) return 'deleted in Slack (nothing is left of them)';
  if (subtype === 'message_changed')
    return 'notes of an edit (the message itself has its last text)';
  if (OWN_LINES.test(subtype)) return `Slack’s own lines (${subtype})`;
  const seconds = secondsOf(row);
  return seconds > 0 && seconds < LATEST ? null : 'messages without a time';
}

/** When a message's text was changed last, if Slack marked it as edited. */
export function editedAtOf(row: Json): Date | null {
  const edited = row['edited'];
  if (typeof edited !== 'object' || edited === null) return null;
  const seconds = secondsOf(objectOf(edited));
  const at = seconds > 0 && seconds < LATEST ? seconds : secondsOf(row);
  return new Date(Math.max(at, secondsOf(row)) * 1_000);
}

/**
 * What a message says, with what hangs on it: blocks, attachments, and the names of those files that
 * did not come with the export.
 */
export function messageText(
  row: Json,
  reading: Reading,
  uploads: ReadonlyMap<string, string> = new Map(),
): string {
  const { people, note } = reading;
  const body = bodyOf(row, reading);
  const own = row['subtype'] === 'me_message' && body ? emphasised(body) : body;
  const attached = objectsOf(row['attachments']).map((part) => attachmentText(part, reading));
  const here = new Set(filesHere(row, uploads));
  const files = filesOf(row).map((file) => fileText(file, here.has(file), reading));
  if (row['edited']) note('messages marked as edited');
  // An attachment that only repeats the text, as some bots send it, says nothing new.
  const parts = [own, ...attached.filter((part) => !saysAsMuch(own, part)), ...files];
  const comment = objectOf(row['comment']);
  if (comment['comment']) parts.push(markdownOf(textOf(comment['comment']), people));
  return parts.filter((part) => part.trim()).join('\n\n');
}

/**
 * Text and blocks say the same in what people write, where the blocks are more exact; of a bot's
 * message the text may be a summary or say more. Where neither holds the other, both are kept.
 */
function bodyOf(row: Json, { people, note }: Reading): string {
  const text = markdownOf(textOf(row['text']), people);
  const blocks = blocksText(row['blocks'], people, note);
  if (!blocks || !text) return blocks || text;
  if (saysAsMuch(blocks, text)) return blocks;
  return saysAsMuch(text, blocks) ? text : `${text}\n\n${blocks}`;
}

const emphasised = (text: string) =>
  text.replace(/[^\n]+/g, (line) => (/^[>`\s-]/.test(line) ? line : `_${line.trim()}_`));

function fileText(file: Json, isHere: boolean, { people }: Reading): string {
  if (file['mode'] === 'tombstone') return '';
  const comment = markdownOf(textOf(objectOf(file['initial_comment'])['comment']), people);
  return [isHere ? '' : fileLine(file), comment].filter(Boolean).join('\n\n');
}

/**
 * Who posted a message. Bots are told apart by the name as well, because one can post under many;
 * `own` is how the message itself is told from others of its moment.
 */
export function authorOf(row: Json, people: People): { key: string; name: string; own: string } {
  const comment = objectOf(row['comment']);
  const id = wordOf(row['user']) || wordOf(comment['user']);
  const botId = wordOf(row['bot_id']);
  const given = nameLine(textOf(row['username']), NAME_MAX);
  const isBot = row['subtype'] === 'bot_message' || botId !== '' || (id === '' && given !== '');
  const profile = userName(row['user_profile']);
  if (!isBot) {
    const name = people.user(id) ?? (profile || given || people.nameless(id));
    return { key: id || `bot/${name}`, name, own: id || `bot/${name}` };
  }
  const app = userName(row['bot_profile']);
  const known = given || app || (people.user(id) ?? profile);
  const name = known || people.nameless(botId || id);
  const own = id || `bot/${botId || name}`;
  return { key: id && !given ? id : `bot/${botId || id}/${name}`, name, own };
}
