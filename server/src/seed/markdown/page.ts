import { MARKDOWN_MAX, TITLE_MAX } from '@teambrain/contract/knowledge.ts';
import { blocksOf } from '../../platform/text/markdown-blocks.ts';
import type { Ledger } from '../ledger.ts';
import { clean, lineOf, titleLine } from '../text.ts';
import { fieldText, placeFields, splitFrontMatter, type PageFields } from './front-matter.ts';
import { titleOfPath } from './names.ts';
import { mapOutside } from './outside.ts';
import type { Scan } from './scan.ts';
import { withoutTemplates } from './templates.ts';

/** A page as it was read, before its links are led anywhere. */
export interface PageFile {
  /** Where it lay, and so its key. */
  path: string;
  title: string;
  body: string;
  scan: Scan;
  /** Other addresses it had. */
  aliases: string[];
  created: Date | null;
  updated: Date | null;
}

/** What kind of folder a page is from: its own marks mean something only there. */
export interface FolderKind {
  /** Of a static site generator: templates are taken out. */
  isGenerated: boolean;
  /** Of Obsidian. */
  isVault: boolean;
}

/** Reads a page's Markdown within a budget; null if that was not possible. */
export type Scanner = (markdown: string) => Promise<Scan | null>;

const NOTHING: Scan = { code: [], html: [], links: [], heading: null, isPartial: true };

/**
 * A page out of a file's text; null if it is too large for an entry, which is then in the books.
 * What has a place here (title, times, addresses) is taken out of the front matter; other fields
 * stay at the head of the page, but for a site generator's, which are for its templates.
 */
export async function readPage(
  path: string,
  text: string,
  { isGenerated, isVault }: FolderKind,
  { ledger, scanner }: { ledger: Ledger; scanner: Scanner },
): Promise<PageFile | null> {
  const { fields, content, kept } = splitFrontMatter(tidy(path, text, ledger));
  if (kept) ledger.note(kept, 1, path);
  const placed = placeFields(fields);
  const head = headOf(placed, isGenerated, ledger);
  let prose = isGenerated ? await stripped(content, scanner) : content;
  let first = (await scanner(prose)) ?? NOTHING;
  const understood = converted(prose, first, isVault, ledger);
  if (understood !== prose) {
    prose = understood;
    first = (await scanner(prose)) ?? NOTHING;
  }
  const { title, body } = titled(placed.title, prose, path, first);
  const whole = [head, body].filter(Boolean).join('\n\n') || movedTo(placed.target);
  // What begins with a rule must not be taken for front matter by those who read it later.
  const safe = /^(?:---|\+\+\+)[ \t]*(?:\n|$)/.test(whole) ? `\n${whole}` : whole;
  if (safe.length > MARKDOWN_MAX) return null;
  const scan = safe === prose ? first : ((await scanner(safe)) ?? NOTHING);
  if (scan.isPartial) ledger.note('pages too costly to parse in part (kept as text)', 1, path);
  const { aliases, created, updated } = placed;
  return { path, title, body: safe, scan, aliases, created, updated };
}

/** Without the characters that no text can hold, or that only files need. */
function tidy(path: string, text: string, ledger: Ledger): string {
  const marks = text.match(/\uFEFF/g)?.length ?? 0;
  ledger.note('NUL characters (taken out)', text.match(/\0/g)?.length ?? 0, path);
  ledger.note('byte order marks within pages (taken out)', marks, path);
  return clean(text.replaceAll('\uFEFF', ''));
}

/** What is written in HTML or in Obsidian's own way, and has a way in Markdown. */
function converted(prose: string, scan: Scan, isVault: boolean, ledger: Ledger): string {
  const comments = scan.html.filter(({ start }) => prose.startsWith('<!--', start)).length;
  ledger.note('HTML comments (kept, not shown)', comments);
  return mapOutside(prose, scan.code, (part) => {
    const linked = part.replace(HTML_LINK, (_, address: string, text: string) => {
      ledger.note('HTML links (written as Markdown)');
      return `[${text}](${address})`;
    });
    if (!isVault) return linked;
    ledger.note('callouts (kept as quotations)', linked.match(CALLOUT)?.length ?? 0);
    return linked.replace(REMARK, (_, text: string) => {
      ledger.note('Obsidian comments (kept, not shown)');
      return `<!--${text.replace(/--+>?/g, '-')}-->`;
    });
  });
}

const HTML_LINK = /<a\s[^<>]{0,500}?href="([^"<>\s]*)"[^<>]{0,500}>([^<>\n]+)<\/a>/g;
const CALLOUT = /^(?:> ?)+\[![\w-]+\]/gm;
const REMARK = /%%([^%]{1,10000})%%/g;

/** Lines for the fields that have no place here. */
function headOf({ rest }: PageFields, isGenerated: boolean, ledger: Ledger): string {
  for (const [name] of rest) {
    const what = isGenerated ? 'for the site’s templates (left out)' : 'kept as a line of the page';
    ledger.note(`front matter fields ${what}`, 1, lineOf(name, 60));
  }
  if (isGenerated) return '';
  return rest
    .map(
      ([name, value]) =>
        `- ${name}: ${clean(fieldText(value))
          .trim()
          .replace(/\s*\n\s*/g, ' ')}`,
    )
    .join('\n');
}

async function stripped(content: string, scanner: Scanner): Promise<string> {
  const scan = await scanner(content);
  return scan ? withoutTemplates(content, scan.code) : content;
}

/** Title by front matter, first heading or file name; a first heading that says it is left out. */
function titled(given: string, content: string, path: string, { heading }: Scan) {
  const shown = titleLine(plainTitle(given), TITLE_MAX);
  const source = heading ? content.slice(heading.start, heading.end) : '';
  const text = titleLine(plainOf(source), TITLE_MAX);
  const title = shown || text || titleOfPath(path);
  const isFirst = heading && content.slice(0, heading.start).trim() === '';
  const says = heading?.depth === 1 && plainOf(source).normalize('NFC') === title;
  return { title, body: trimmed(isFirst && says ? content.slice(heading.end) : content) };
}

/** Blank lines around a page are none of it; blanks that indent its first line may make it code. */
const trimmed = (text: string) => text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();

const MAX_HEADING = 2_000;

/** A title out of front matter as plain text: without tags, with entities as the signs they name. */
const plainTitle = (title: string): string =>
  plainOf(`# ${withoutTemplates(title, []).replace(/\s+/g, ' ').trim()}`);

const plainOf = (heading: string): string =>
  blocksOf(heading.slice(0, MAX_HEADING))[0]?.plain.text.replace(/\s+/g, ' ').trim() ?? '';

/** A page that only says where it moved says so. */
const movedTo = (target: string): string => (target ? `Moved to [${target}](${target}).` : '');
