import { NAME_MAX } from '@teambrain/contract/auth.ts';
import { nameLine, textOf } from '../text.ts';
import { objectOf, objectsOf, wordOf, type Json } from './json.ts';
import type { SlackNames } from './mrkdwn.ts';

const LABEL = /<@([A-Z0-9]+)\|([^<>|\n]+)>/g;
/** Of people whom only messages name; an export has some thousands of people at most. */
const MAX_GLEANED = 200_000;

/** Who is who in an export: by its lists, and by what messages say of those who are not in them. */
export interface People extends SlackNames {
  /** How to call somebody of whom nothing but the id is known. */
  nameless(id: string): string;
  /** Takes names from a message for people the lists do not name. */
  glean(row: Json): void;
}

export function createPeople(
  users: readonly Json[],
  channels: ReadonlyMap<string, string>,
  address: NonNullable<SlackNames['address']> = () => undefined,
): People {
  const listed = new Map([['USLACKBOT', 'Slackbot']]);
  for (const user of users) {
    const name = userName(user);
    if (name) listed.set(wordOf(user['id']), name);
  }
  const profiles = new Map<string, string>();
  const labels = new Map<string, string>();
  const put = (names: Map<string, string>, id: string, name: string) => {
    const isNew = id && name && !listed.has(id) && !names.has(id) && names.size < MAX_GLEANED;
    if (isNew) names.set(id, name);
  };
  return {
    user: (id) => listed.get(id) ?? profiles.get(id) ?? labels.get(id),
    channel: (id) => channels.get(id),
    address,
    nameless: (id) => (id ? `Unknown (${id})` : 'Unknown'),
    glean(row) {
      put(profiles, wordOf(row['user']), userName(row['user_profile']));
      for (const part of objectsOf(row['attachments'])) {
        put(labels, wordOf(part['author_id']), nameLine(textOf(part['author_name']), NAME_MAX));
      }
      for (const [, id = '', label = ''] of textOf(row['text']).matchAll(LABEL)) {
        put(labels, id, nameLine(label.replace(/^@/, ''), NAME_MAX));
      }
    },
  };
}

/** The name a profile or user shows: the chosen one first; empty without any. */
export function userName(given: unknown): string {
  const user = objectOf(given);
  const profile = objectOf(user['profile']);
  const shown = [
    profile['display_name'],
    profile['real_name'],
    user['display_name'],
    user['real_name'],
    user['name'],
    user['first_name'],
  ];
  return shown.map((value) => nameLine(textOf(value), NAME_MAX)).find(Boolean) ?? '';
}
