import { escapedLabel, labelBefore, readable } from './links.scan.ts';

/**
 * What a text links to. A link is written by whoever writes the text, as a relative Markdown link to
 * an address of this app: `[@Ada](/people/<id>)`. Nothing else is one: a name behind an `@` is only a
 * name. The server, the window and imports all ask `linksOf`.
 */

/** What can be linked to. `everyone` is all members of a space, and its id is the space's. */
export type LinkTarget = 'person' | 'group' | 'everyone' | 'space' | 'entry' | 'message';

/** A link with its place in the text, `start` to `end` in UTF-16 units, its signs included. */
export interface TextLink {
  to: LinkTarget;
  /** Of what is linked to, in lower case. */
  id: string;
  /** Whether it calls those whom it names: in a quotation it does not, those are another's words. */
  isMention: boolean;
  start: number;
  end: number;
}

/** Different links of one text that count; those after them are text. */
export const LINKS_MAX = 100;

const UUID = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
/** One address of each target; a message's and an entry's have their space in front. */
const ADDRESSES: readonly { to: LinkTarget; at: RegExp }[] = [
  { to: 'person', at: new RegExp(`^/people/${UUID}$`, 'i') },
  { to: 'group', at: new RegExp(`^/groups/${UUID}$`, 'i') },
  { to: 'everyone', at: new RegExp(`^/s/${UUID}/members$`, 'i') },
  { to: 'space', at: new RegExp(`^/s/${UUID}$`, 'i') },
  { to: 'entry', at: new RegExp(`^/s/[0-9a-f-]{36}/e/${UUID}$`, 'i') },
  { to: 'message', at: new RegExp(`^/s/[0-9a-f-]{36}\\?message=${UUID}$`, 'i') },
];
const CALLS: readonly LinkTarget[] = ['person', 'group', 'everyone'];
/** The longest address of these has 86 characters. */
const ADDRESS_MAX = 90;

/** What an address of this app means; null for any other. */
export function targetOf(address: string): Pick<TextLink, 'to' | 'id'> | null {
  if (address.length > ADDRESS_MAX) return null;
  for (const { to, at } of ADDRESSES) {
    const id = at.exec(address)?.[1];
    if (id !== undefined) return { to, id: id.toLowerCase() };
  }
  return null;
}

/**
 * The links of a Markdown text, each target once, at its first place (first as a mention), at most
 * LINKS_MAX. Linear in the length of the text. Code has none. Where Markdown is so odd that the scan
 * is unsure (raw HTML), there is none.
 */
export function linksOf(markdown: string): TextLink[] {
  if (!markdown.includes('](/')) return [];
  const found = new Map<string, TextLink>();
  for (const { start, end, isQuoted } of readable(markdown)) {
    for (const link of linksIn(markdown, start, end)) {
      const isMention = !isQuoted && CALLS.includes(link.to);
      const key = `${link.to} ${link.id}`;
      const known = found.get(key);
      if (known ? isMention && !known.isMention : found.size < LINKS_MAX) {
        found.set(key, { ...link, isMention });
      }
    }
  }
  return [...found.values()].toSorted((a, b) => a.start - b.start);
}

/** All links between two places that are in no code, one behind the other. */
export function* linksIn(
  markdown: string,
  start: number,
  end: number,
): Generator<Omit<TextLink, 'isMention'>> {
  let from = start;
  for (let at = start; at < end;) {
    const found = markdown.slice(at, end).indexOf('](/');
    if (found === -1) return;
    const middle = at + found;
    at = middle + 3;
    const close = markdown.slice(middle + 2, Math.min(end, middle + 3 + ADDRESS_MAX)).indexOf(')');
    const address = close === -1 ? '' : markdown.slice(middle + 2, middle + 2 + close);
    const target = targetOf(address);
    const opening = target && labelBefore(markdown, middle, from);
    if (!target || opening === null) continue;
    at = middle + 2 + close + 1;
    from = at;
    yield { ...target, start: opening, end: at };
  }
}

/** The address of a target; of an entry or a message its space has to be told. */
export function addressOf(to: LinkTarget, id: string, spaceId = id): string {
  switch (to) {
    case 'person':
      return `/people/${id}`;
    case 'group':
      return `/groups/${id}`;
    case 'everyone':
      return `/s/${id}/members`;
    case 'space':
      return `/s/${id}`;
    case 'entry':
      return `/s/${spaceId}/e/${id}`;
    case 'message':
      return `/s/${spaceId}?message=${id}`;
  }
}

/** A link as it is written into a text: its label is what readers see, whatever signs are in it. */
export function linkText(label: string, address: string): string {
  return `[${escapedLabel(label)}](${address})`;
}

/** Whether links mention somebody: by name, or as a member of the space the text is in. */
export function mentions(links: readonly TextLink[], userId: string, spaceId: string): boolean {
  return links.some(
    ({ to, id, isMention }) =>
      isMention && ((to === 'person' && id === userId) || (to === 'everyone' && id === spaceId)),
  );
}
