import { clean, textOf } from '../text.ts';
import { blocksText } from './blocks.ts';
import { withEmoji } from './emoji.ts';
import { escapeAll, escapeText, linkOf, quoted } from './escape.ts';
import { objectOf, objectsOf, wordOf, type Json } from './json.ts';
import { looseText } from './loose.ts';
import { markdownOf } from './mrkdwn.ts';
import type { People } from './people.ts';

/** What reading a message may tell about it. */
export interface Reading {
  people: People;
  note: (what: string) => void;
}

/**
 * What hangs on a message: another message that it shares is a quotation under its author's name, a
 * preview that Slack made of a link is nobody's words and is left out, and the rest (what bots and
 * apps post) is the sender's own.
 */
export function attachmentText(attachment: Json, reading: Reading): string {
  const isShared = attachment['is_msg_unfurl'] === true || attachment['is_share'] === true;
  if (isShared || Array.isArray(attachment['message_blocks'])) {
    return sharedMessage(attachment, reading);
  }
  const preview = ['from_url', 'original_url', 'app_unfurl_url'].some((key) => attachment[key]);
  if (preview || attachment['is_app_unfurl'] === true || attachment['is_reply_unfurl'] === true) {
    reading.note('previews of links (nobody’s words; the links are kept)');
    return '';
  }
  return ownText(attachment, reading);
}

function sharedMessage(attachment: Json, reading: Reading): string {
  const { people, note } = reading;
  const id = wordOf(attachment['author_id']);
  const given = textOf(attachment['author_name']) || textOf(attachment['author_subname']);
  const author = people.user(id) ?? (clean(given).trim() || people.nameless(id));
  const channel = textOf(attachment['channel_name']) || people.channel(channelId(attachment));
  const place = channel ? ` in #${escapeAll(channel.replace(/^#/, ''))}` : '';
  const messages = objectsOf(attachment['message_blocks']).map((part) =>
    blocksText(objectOf(part['message'])['blocks'], people, note),
  );
  const text = markdownOf(textOf(attachment['text']), people);
  const words = messages.filter(Boolean).join('\n\n') || text || fallbackOf(attachment, reading);
  const files = [...objectsOf(attachment['files']), ...objectsOf(attachment['image_url'])].map(
    (file) => `File: ${escapeAll(textOf(file['name']) || textOf(file['title']) || 'unnamed')}`,
  );
  const inner = objectsOf(attachment['attachments']).map((part) => attachmentText(part, reading));
  note('shared messages (quoted under their author’s name)');
  const body = [words, ...files, ...inner].filter(Boolean).join('\n\n');
  return quoted(`**${escapeAll(author.trim())}**${place}:\n\n${body}`.trim());
}

const channelId = (attachment: Json) => wordOf(attachment['channel_id']);

function ownText(attachment: Json, reading: Reading): string {
  const { people, note } = reading;
  const markdown = (key: string) => markdownOf(textOf(attachment[key]), people);
  const plain = (key: string) => escapeText(withEmoji(clean(textOf(attachment[key]))));
  const link = textOf(attachment['title_link']);
  const title = link
    ? linkOf(clean(link), withEmoji(clean(textOf(attachment['title']))))
    : plain('title');
  const fields = objectsOf(attachment['fields']).map((field) => {
    const value = markdownOf(wordOf(field['value']), people);
    const name = escapeAll(clean(textOf(field['title'])));
    return name ? `**${name}:** ${value}` : value;
  });
  const buttons = objectsOf(attachment['actions']).map((action) => escapeAll(looseText(action)));
  const parts = [
    markdown('pretext'),
    plain('author_name'),
    title && `**${title}**`,
    markdown('text'),
    ...fields,
    blocksText(attachment['blocks'], people, note),
    plain('footer'),
    buttons.join(' · '),
  ].filter((part) => part.trim());
  return parts.join('\n\n') || fallbackOf(attachment, reading);
}

/** What is shown where nothing else can be; its text is Slack's markup too. */
const fallbackOf = (attachment: Json, { people }: Reading): string =>
  markdownOf(textOf(attachment['fallback']), people);
