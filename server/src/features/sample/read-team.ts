import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecisionFields, EntryKind, EntryStatus } from '@teambrain/contract/knowledge.ts';
import type { Visibility } from '@teambrain/contract/role.ts';

/** When something happened: working days before today, and a time of that day. */
export interface Moment {
  daysAgo: number;
  time: string;
}

export interface SampleMessage {
  kind: 'message';
  at: Moment;
  author: string;
  text: string;
  /** The message it replies to. */
  root: SampleMessage | null;
}

export interface SampleEntry {
  kind: EntryKind;
  at: Moment;
  author: string;
  title: string;
  status: EntryStatus | null;
  /** Title of the document it lies under. */
  parent: string | null;
  /** Of a decision empty: its text is in `decision`. */
  markdown: string;
  decision: Partial<DecisionFields> | null;
}

export type SampleItem = SampleMessage | SampleEntry;

export interface SampleSpace {
  key: string;
  name: string;
  description: string;
  visibility: Visibility;
  emoji: string;
  members: string[];
  /** Messages and entries in the order in which they happened. */
  items: SampleItem[];
}

export interface SampleTeamTexts {
  /** Names by key. */
  people: Record<string, string>;
  spaces: SampleSpace[];
}

/** Reads the team's texts (server/sample): `team.json`, and of each space its chat and entries. */
export async function readTeam(folder: string): Promise<SampleTeamTexts> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const team = JSON.parse(await read('team.json')) as {
    people: Record<string, string>;
    spaces: Omit<SampleSpace, 'items'>[];
  };
  const spaces = team.spaces.map(async (space) => {
    const [chat, entries] = await Promise.all([
      read(`${space.key}.chat.txt`),
      read(`${space.key}.entries.md`),
    ]);
    const items = [...parseChat(chat), ...parseEntries(entries)].sort(byMoment);
    const members = [...new Set([...space.members, ...items.map(({ author }) => author)])];
    return { ...space, members, items };
  });
  return { people: team.people, spaces: await Promise.all(spaces) };
}

/**
 * Chat as text: `@ 3` begins the working day three days ago, `09:04 maya Good morning` a message.
 * Lines that are indented by four blanks go on with it; `> 09:06 samuel Morning` replies to the last
 * message that is no reply.
 */
export function parseChat(text: string): SampleMessage[] {
  const messages: SampleMessage[] = [];
  let daysAgo = 0;
  for (const line of text.split('\n').filter(Boolean)) {
    const day = /^@ (\d+)$/.exec(line);
    const said = /^(> )?(\d\d:\d\d) (\w+) (.+)$/.exec(line);
    const last = messages.at(-1);
    if (day) daysAgo = Number(day[1]);
    else if (said) {
      const [, mark, time = '', author = '', words = ''] = said;
      const root = mark ? (messages.findLast((one) => one.root === null) ?? null) : null;
      messages.push({ kind: 'message', at: { daysAgo, time }, author, text: words, root });
    } else if (last && line.startsWith('    ')) last.text += `\n${line.slice(4)}`;
    else throw new Error(`The sample chat has a line that is no message: ${line}`);
  }
  return messages;
}

/**
 * Entries as text: `=== decision:accepted | 6 10:40 | maya | Title | under: Parent`, then its
 * Markdown; of a decision each part under a line like `--- context`.
 */
export function parseEntries(text: string): SampleEntry[] {
  return text
    .split(/^=== /m)
    .filter((part) => part.trim())
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      const body = lines.join('\n').trim();
      const [what = '', when = '', author = '', title = '', under] = head.split(' | ');
      const [kind, status = null] = what.split(':') as [EntryKind, EntryStatus?];
      const [daysAgo, time = ''] = when.split(' ');
      const isDecision = kind === 'decision';
      return {
        kind,
        status,
        at: { daysAgo: Number(daysAgo), time },
        author,
        title,
        parent: under?.replace('under: ', '') ?? null,
        markdown: isDecision ? '' : body,
        decision: isDecision ? parseParts(body) : null,
      };
    });
}

function parseParts(body: string): Partial<DecisionFields> {
  const parts = body.split(/^--- /m).filter(Boolean);
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return [name, lines.join('\n').trim()];
    }),
  );
}

/** The oldest first; a document before those that lie under it is the texts' own order. */
const byMoment = (a: SampleItem, b: SampleItem): number =>
  b.at.daysAgo - a.at.daysAgo || a.at.time.localeCompare(b.at.time);

/** The instant of a moment, counted back in working days from `now`, in UTC. */
export function instantOf({ daysAgo, time }: Moment, now: Date): Date {
  const day = new Date(now);
  for (let left = daysAgo; left > 0;) {
    day.setUTCDate(day.getUTCDate() - 1);
    if (day.getUTCDay() % 6 !== 0) left -= 1;
  }
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  day.setUTCHours(hours, minutes, 0, 0);
  return day;
}
