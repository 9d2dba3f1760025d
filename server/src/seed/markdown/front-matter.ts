import { isMap, isScalar, parseDocument } from 'yaml';
import { instantOf } from './dates.ts';
import { parseToml } from './toml.ts';

/** What a page's front matter says, apart from the text. */
export interface FrontMatter {
  fields: Map<string, unknown>;
  content: string;
  /** Why something that looks like front matter stays in the text; null if it is none or was read. */
  kept: string | null;
}

/** Larger ones are a table or a page that somebody began with a rule. */
const MAX_LENGTH = 65_536;

/**
 * Front matter is between two lines of `---` (YAML) or `+++` (TOML), the first of them the first
 * line, and holds fields. Everything else is the page's text, of which no character is taken: a
 * horizontal rule may be a page's first line, and a list or a sentence between two is no front
 * matter.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const none = (kept: string | null): FrontMatter => ({ fields: new Map(), content: text, kept });
  const mark = /^(---|\+\+\+)[ \t]*\n/.exec(text);
  if (!mark) return none(null);
  const start = mark[0].length;
  const isYaml = mark[1] === '---';
  const closing = isYaml ? /^(?:---|\.\.\.)[ \t]*(?:\n|$)/m : /^\+\+\+[ \t]*(?:\n|$)/m;
  const end = closing.exec(text.slice(start));
  if (!end) return none(isYaml ? null : 'front matter that is never closed (kept as text)');
  const source = text.slice(start, start + end.index);
  if (source.length > MAX_LENGTH) return none('front matter that is too long (kept as text)');
  const fields = isYaml ? yamlFields(source) : parseToml(source);
  if (fields === 'invalid') return none('front matter that is not valid (kept as text)');
  if (fields === null) return none(null);
  return { fields, content: text.slice(start + end.index + end[0].length), kept: null };
}

/** The fields of a YAML mapping; null for other YAML, which is text. */
function yamlFields(source: string): Map<string, unknown> | 'invalid' | null {
  try {
    const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: true });
    const looksMapped = /^[\p{L}\p{N}_.-]+[ \t]*:(?:\s|$)/mu.test(source);
    if (document.errors.length > 0) return looksMapped ? 'invalid' : null;
    const { contents } = document;
    if (!isMap(contents) || contents.items.length === 0) return null;
    if (!contents.items.every(({ key }) => isScalar(key))) return null;
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 50 });
    if (!(value instanceof Map)) return null;
    return new Map([...value].map(([key, field]) => [String(key), field as unknown]));
  } catch {
    return 'invalid'; // nested too deeply, or aliases that multiply
  }
}

/** Which fields have a place here: title, times, other addresses. Compared without case and signs. */
const PLACES: Record<string, 'title' | 'created' | 'updated' | 'alias' | 'target'> = {
  title: 'title',
  date: 'created',
  created: 'created',
  createdat: 'created',
  creationdate: 'created',
  datecreated: 'created',
  createdtime: 'created',
  published: 'created',
  publishdate: 'created',
  pubdate: 'created',
  updated: 'updated',
  updatedat: 'updated',
  lastmod: 'updated',
  lastmodified: 'updated',
  lastmodifiedat: 'updated',
  lastupdated: 'updated',
  lasteditedtime: 'updated',
  modified: 'updated',
  modifiedat: 'updated',
  datemodified: 'updated',
  dateupdated: 'updated',
  permalink: 'alias',
  redirectfrom: 'alias',
  alias: 'alias',
  aliases: 'alias',
  redirectto: 'target',
};

export interface PageFields {
  title: string;
  created: Date | null;
  updated: Date | null;
  aliases: string[];
  /** Where the page moved to. */
  target: string;
  /** Fields that have no place here, in their order. */
  rest: [name: string, value: unknown][];
}

/** What the fields mean for a page. A field with a place but no usable value is among the rest. */
export function placeFields(fields: ReadonlyMap<string, unknown>): PageFields {
  const page: PageFields = {
    title: '',
    created: null,
    updated: null,
    aliases: [],
    target: '',
    rest: [],
  };
  for (const [name, value] of fields) {
    const place = PLACES[name.toLowerCase().replace(/[^a-z]/g, '')];
    if (value === null || value === '') continue;
    const text = scalarText(value);
    const at = place === 'created' || place === 'updated' ? instantOf(value) : null;
    if (place === 'title' && text !== null && !page.title) page.title = text;
    else if (place === 'created' && at && !page.created) page.created = at;
    else if (place === 'updated' && at && !page.updated) page.updated = at;
    else if (place === 'target' && text !== null) page.target = text;
    else if (place === 'alias' && textsOf(value)) page.aliases.push(...(textsOf(value) ?? []));
    else page.rest.push([name, value]);
  }
  return page;
}

function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Texts of a scalar or a list of scalars; null for anything else. */
function textsOf(value: unknown): string[] | null {
  const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(scalarText);
  return texts.some((text) => text === null) ? null : (texts as string[]);
}

/** A field's value on one line: `a, b` for lists, `key: value` for what is nested. */
export function fieldText(value: unknown, depth = 0): string {
  if (depth > 20) return '…';
  if (Array.isArray(value)) {
    return value.map((item: unknown) => fieldText(item, depth + 1)).join(', ');
  }
  if (value instanceof Map) {
    return [...value].map(([key, of]) => `${String(key)}: ${fieldText(of, depth + 1)}`).join('; ');
  }
  if (value instanceof Date) return value.toISOString();
  return scalarText(value) ?? '';
}
