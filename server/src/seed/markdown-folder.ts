import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import matter from 'gray-matter';
import { MARKDOWN_MAX, TITLE_MAX } from '@teambrain/contract/knowledge.ts';
import { SPACE_NAME_MAX } from '@teambrain/contract/spaces.ts';
import { firstHeading, plainTitle, relink, withoutTemplates } from './markdown-text.ts';
import { lineOf } from './slack-export.ts';
import { clean } from './slack-text.ts';

/** One document to write, after its parent. */
export interface Page {
  key: string;
  parentKey: string | null;
  title: string;
  /** The text with its links pointing to entries, given how keys become addresses. */
  markdown(addressOf: (key: string) => string): string;
}

/** A folder of Markdown files to become a space. */
export interface DocumentsSeed {
  kind: 'documents';
  key: string;
  name: string;
  description: string;
  pages: Page[];
}

interface File {
  /** Path below the folder, with `/`. */
  path: string;
  title: string;
  body: string;
  /** Other addresses the page had on its site. */
  aliases: string[];
}

const MARKDOWN = /\.(?:md|markdown|mdown)$/i;
const INDEX = /^(?:index|readme|_index)$/i;
const MAX_DEPTH = 32;
const MAX_BYTES = 4 * MARKDOWN_MAX;

/** The Markdown files below a folder, sorted, and how many files are of another kind. */
export async function listMarkdown(folder: string) {
  const paths: string[] = [];
  let others = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries: Dirent[] = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = posix.join(below, entry.name);
      const isHidden = entry.name.startsWith('.') || entry.name === 'node_modules';
      if (isHidden) continue;
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(path, depth + 1);
      else if (entry.isFile() && MARKDOWN.test(entry.name)) paths.push(path);
      else others += 1;
    }
  };
  await walk('', 0);
  return { paths, others };
}

/** The documents of a folder. `notes` says what was left out, with names where there are few. */
export async function readMarkdownFolder(
  folder: string,
): Promise<{ seed: DocumentsSeed; notes: Map<string, number> }> {
  const notes = new Map<string, number>();
  const count = (what: string, by = 1) => void notes.set(what, (notes.get(what) ?? 0) + by);
  const { paths, others } = await listMarkdown(folder);
  if (others > 0) count('files that are not Markdown, or links', others);
  const files: File[] = [];
  for (const path of paths) {
    const file = await readPage(folder, path, count);
    if (file) files.push(file);
  }
  const readme = files.find(({ path }) => /^readme\.\w+$/i.test(path));
  const named = readme && readme.title.length <= SPACE_NAME_MAX ? readme.title : '';
  const name = named && !/^readme$/i.test(named) ? named : titleFrom(basename(folder));
  return {
    seed: {
      kind: 'documents',
      key: `markdown/${await realpath(folder)}`,
      name: lineOf(name, SPACE_NAME_MAX) || 'Documents',
      description: '',
      pages: pagesOf(files, count),
    },
    notes,
  };
}

async function readPage(
  folder: string,
  path: string,
  count: (what: string) => void,
): Promise<File | null> {
  const file = join(folder, path);
  const { size } = await stat(file);
  const raw = size > MAX_BYTES ? '' : await readFile(file, 'utf8');
  if (raw.includes('\0')) {
    count(`${path}: not text`);
    return null;
  }
  const { data, content } = splitFrontMatter(clean(raw.replace(/^\uFEFF/, '')), path, count);
  const { title, body } = titled(data, withoutTemplates(content), path);
  if (size > MAX_BYTES || body.length > MARKDOWN_MAX) {
    count(`${path}: larger than ${MARKDOWN_MAX.toLocaleString('en')} characters`);
    return null;
  }
  const target = textOf(data['redirect_to']);
  const aliases = [data['permalink'], data['redirect_from'], data['aliases']].flat().map(textOf);
  return {
    path,
    title,
    body: body || (target ? `Moved to [${target}](${target}).\n` : ''),
    aliases: aliases.filter(Boolean),
  };
}

/** Front matter as data, YAML alone: the library would run other languages. */
function splitFrontMatter(text: string, path: string, count: (what: string) => void) {
  const refuse = { parse: () => ({}), stringify: () => '' };
  const engines = { javascript: refuse, js: refuse, json: refuse, coffee: refuse };
  try {
    const { data, content } = matter(text, { language: 'yaml', engines });
    return { data: data as Record<string, unknown>, content };
  } catch {
    count(`${path}: front matter is not valid YAML (the text is kept)`);
    return { data: {}, content: text.replace(/^---[^\n]*\n[\s\S]*?\n---[ \t]*(?:\n|$)/, '') };
  }
}

/** Title by front matter, first heading or file name; a first heading that says it is left out. */
function titled(data: Record<string, unknown>, content: string, path: string) {
  const heading = firstHeading(content);
  const given = lineOf(plainTitle(textOf(data['title'])), TITLE_MAX);
  const title = given || lineOf(heading?.text ?? '', TITLE_MAX) || titleOfPath(path);
  const isFirst = heading && content.slice(0, heading.start).trim() === '';
  const isTitle = isFirst && heading.depth === 1 && heading.text === title;
  return { title, body: (isTitle ? content.slice(heading.end) : content).trim() };
}

const nameOf = (path: string) => basename(path).replace(MARKDOWN, '');
const folderOf = (path: string) => (path.includes('/') ? posix.dirname(path) : '');

const withAncestors = (folder: string): string[] =>
  folder ? [folder, ...withAncestors(folderOf(folder))] : [];

const titleOfPath = (path: string) =>
  titleFrom(INDEX.test(nameOf(path)) && folderOf(path) ? basename(folderOf(path)) : nameOf(path));

function titleFrom(name: string): string {
  const words = name.replace(/[-_\s]+/g, ' ').trim();
  return lineOf(words.charAt(0).toUpperCase() + words.slice(1), TITLE_MAX) || 'Untitled';
}

/** Pages with parents before children: a folder's index, page of its name, or an empty page. */
function pagesOf(files: readonly File[], count: (what: string, by?: number) => void): Page[] {
  const heads = new Map<string, File>();
  for (const file of files) {
    const folder = folderOf(file.path);
    if (folder && INDEX.test(nameOf(file.path)) && !heads.has(folder)) heads.set(folder, file);
  }
  const folders = new Set(files.map(({ path }) => folderOf(path)).flatMap(withAncestors));
  for (const file of files) {
    const folder = file.path.replace(MARKDOWN, '');
    if (folders.has(folder) && !heads.has(folder)) heads.set(folder, file);
  }
  const resolve = createResolver(files);
  const pages = new Map<string, Page>();
  const headOf = (folder: string): string | null => {
    if (folder === '') return null;
    const file = heads.get(folder);
    if (file) return add(file);
    const key = `${folder}/`;
    if (!pages.has(key)) {
      const parentKey = headOf(folderOf(folder));
      pages.set(key, { key, parentKey, title: titleOfPath(folder), markdown: () => '' });
      count('folders without an index page (given an empty one)');
    }
    return key;
  };
  const add = (file: File): string => {
    const { path: key, title } = file;
    if (pages.has(key)) return key;
    const folder = folderOf(key);
    const parentKey = headOf(heads.get(folder) === file ? folderOf(folder) : folder);
    const { missing, pictures } = relink(file.body, (to) => resolve(key, to)?.key);
    if (missing.length > 0)
      count('links to pages that are not here (left as they are)', missing.length);
    if (pictures > 0) count('pictures (their descriptions are kept)', pictures);
    const markdown = (addressOf: (key: string) => string) => {
      const relinked = relink(file.body, (to) => {
        const found = resolve(key, to);
        return found?.key ? `${addressOf(found.key)}${found.anchor}` : found && null;
      });
      return relinked.markdown.length > MARKDOWN_MAX ? file.body : relinked.markdown;
    };
    pages.set(key, { key, parentKey, title, markdown });
    return key;
  };
  for (const file of files) add(file);
  return [...pages.values()];
}

/** Finds the page a link means: by file name, by site address, or by an address it once had. */
function createResolver(files: readonly File[]) {
  const known = new Map<string, string>();
  const note = (address: string, key: string) => {
    const plain = address.toLowerCase().replace(/^\/+|\/+$/g, '');
    if (!known.has(plain)) known.set(plain, key);
  };
  for (const { path } of files) note(path, path);
  for (const { path } of files) {
    note(INDEX.test(nameOf(path)) ? folderOf(path) : path.replace(MARKDOWN, ''), path);
  }
  for (const { path, aliases } of files) for (const alias of aliases) note(alias, path);

  /** Undefined for another site, mail or the same page; `key` is null if no page answers. */
  return (from: string, to: string): { key: string | null; anchor: string } | undefined => {
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/|#|$)/i.test(to)) return undefined;
    const [, address = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/.exec(to) ?? [];
    const path = decodePath(address);
    const bases = path.startsWith('/') ? [''] : [folderOf(from), from.replace(MARKDOWN, ''), ''];
    for (const base of bases) {
      const plain = posix
        .join('/', base, path)
        .toLowerCase()
        .replace(/^\/+|\/+$/g, '');
      const key = known.get(plain) ?? known.get(plain.replace(/(?:\/index)?\.html?$/, ''));
      if (key !== undefined) return { key, anchor };
    }
    return { key: null, anchor };
  };
}

function decodePath(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // a lone % is part of the name
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
