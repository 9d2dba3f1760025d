import type { Ledger } from '../ledger.ts';
import { applyEdits, mapOutside, type Edit } from './outside.ts';
import type { PageFile } from './page.ts';
import type { Resolver } from './resolver.ts';
import { pictureText } from './templates.ts';

/** `[[Page#Heading|shown]]`, with `!` an embed; in tables the bar is escaped. */
const WIKILINK = /(!?)\[\[([^[\]\n|#\\]*)(#[^[\]\n|\\]*)?(?:\\?\|([^[\]\n]*))?\]\]/g;
const PICTURE = /\.(?:png|jpe?g|gif|svg|webp|bmp|avif|heic|tiff?)$/i;
const FILE = /\.(?!md$|markdown$)[a-z0-9]{2,5}$/i;

/**
 * A page's Markdown with links that lead to the pages they mean: Markdown's own and wikilinks.
 * Pictures are shown by their description. Links to what is not here stay as they are.
 */
export function withLinks(
  page: PageFile,
  resolve: Resolver,
  addressOf: (key: string) => string,
  ledger?: Ledger,
): string {
  const { body, scan, path } = page;
  const note = (what: string, example = '') => ledger?.note(what, 1, example);
  const edits: Edit[] = [];
  for (const site of scan.links) {
    const found = resolve(path, site.url);
    if (site.kind === 'image') {
      if (found === undefined) continue;
      note('pictures (their descriptions are kept)');
      edits.push({ start: site.start, end: site.end, text: pictureText(site.alt, site.url) });
      continue;
    }
    if (found?.key === null) note('links to what is not here (left as they are)', site.url);
    if (found?.key && site.destination) {
      edits.push({ ...site.destination, text: `${addressOf(found.key)}${found.anchor}` });
    }
  }
  mapOutside(body, scan.code, (part, base) => {
    for (const match of part.matchAll(WIKILINK)) {
      const text = wikilink(match, page, resolve, addressOf, note);
      const start = base + match.index;
      if (text !== null) edits.push({ start, end: start + match[0].length, text });
    }
    return part;
  });
  return applyEdits(body, edits);
}

/** What a wikilink becomes; null if it stays as it is. */
function wikilink(
  match: RegExpExecArray,
  { path }: PageFile,
  resolve: Resolver,
  addressOf: (key: string) => string,
  note: (what: string, example?: string) => void,
): string | null {
  const [whole, embed, target = '', anchor = '', label = ''] = match;
  const name = target.trim();
  if (embed && PICTURE.test(name)) {
    note('pictures (their descriptions are kept)');
    return pictureText(/^\d+(?:x\d+)?$/.test(label) ? '' : label, name);
  }
  const found = name === '' ? null : resolve.wiki(path, name);
  if (!found) {
    const isFile = FILE.test(name);
    if (isFile || name) note('wikilinks to what is not here (left as they are)', whole);
    else note('links to parts of the same page (left as they are)');
    return null;
  }
  if (embed) note('embedded pages (shown as links)', whole);
  const shown = (label || `${name}${anchor.replace(/^#\^?/, ' › ')}`).replace(/[[\]]/g, '\\$&');
  const slug = /^#\^/.test(anchor) ? '' : slugOf(anchor.slice(1));
  return `[${shown.trim()}](${addressOf(found)}${slug ? `#${slug}` : ''})`;
}

/** The id a heading gets: GitHub's way. */
const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s+/g, '-');
