import type { Ledger } from '../ledger.ts';
import { withLinks } from './links.ts';
import { MARKDOWN_MAX } from '@teambrain/contract/knowledge.ts';
import { folderOf, isIndex, titleOfPath, withAncestors, withoutId } from './names.ts';
import type { PageFile } from './page.ts';
import { createResolver } from './resolver.ts';

/** One document to write, after its parent. */
export interface Page {
  key: string;
  parentKey: string | null;
  title: string;
  /** The page's own dates, where it names them. */
  created: Date | null;
  updated: Date | null;
  /** The text with its links pointing to entries, given how keys become addresses. */
  markdown(addressOf: (key: string) => string): string;
}

/** The page that heads each folder: its index, or the page beside it that has its name. */
function headsOf(files: readonly PageFile[]): Map<string, PageFile> {
  const heads = new Map<string, PageFile>();
  for (const file of files) {
    const folder = folderOf(file.path);
    if (folder && isIndex(file.path) && !heads.has(folder)) heads.set(folder, file);
  }
  const folders = new Set(files.map(({ path }) => folderOf(path)).flatMap(withAncestors));
  const bare = new Map([...folders].map((folder) => [withoutId(folder), folder]));
  const stemOf = ({ path }: PageFile) => path.replace(/\.[^./]+$/, '');
  for (const file of files) {
    const stem = stemOf(file);
    if (folders.has(stem) && !heads.has(stem)) heads.set(stem, file);
  }
  // Notion leaves its id out of a folder's name where the name is the only one of its kind.
  for (const file of files) {
    const folder = bare.get(withoutId(stemOf(file)));
    if (folder !== undefined && !heads.has(folder) && stemOf(file) !== withoutId(stemOf(file))) {
      heads.set(folder, file);
    }
  }
  return heads;
}

/** Pages with parents before children: a folder's index, page of its name, or an empty page. */
export function pagesOf(files: readonly PageFile[], ledger: Ledger): Page[] {
  const heads = headsOf(files);
  const resolve = createResolver(files);
  const pages = new Map<string, Page>();
  const headOf = (folder: string): string | null => {
    if (folder === '') return null;
    const file = heads.get(folder);
    if (file) return add(file);
    const key = `${folder}/`;
    if (!pages.has(key)) {
      const parentKey = headOf(folderOf(folder));
      const title = titleOfPath(folder);
      pages.set(key, { key, parentKey, title, created: null, updated: null, markdown: () => '' });
      ledger.note('folders without an index page (given an empty one)');
    }
    return key;
  };
  const add = (file: PageFile): string => {
    const { path: key, title, created, updated } = file;
    if (pages.has(key)) return key;
    const folder = folderOf(key);
    const parentKey = headOf(heads.get(folder) === file ? folderOf(folder) : folder);
    withLinks(file, resolve, () => '', ledger);
    const markdown = (addressOf: (key: string) => string) => {
      const linked = withLinks(file, resolve, addressOf);
      return linked.length > MARKDOWN_MAX ? file.body : linked;
    };
    pages.set(key, { key, parentKey, title, created, updated, markdown });
    return key;
  };
  for (const file of files) add(file);
  return [...pages.values()];
}
