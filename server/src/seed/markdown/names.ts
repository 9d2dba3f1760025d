import { posix } from 'node:path';
import { TITLE_MAX } from '@teambrain/contract/knowledge.ts';
import { titleLine } from '../text.ts';

export const MARKDOWN = /\.(?:md|markdown|mdown|mkd|mdx)$/i;
const INDEX = /^(?:index|readme|_index)$/i;
/** Notion puts its id behind every name. */
const NOTION_ID = /[ _-]+[0-9a-f]{32}(?=$|_all$)/i;

export const nameOf = (path: string): string => posix.basename(path).replace(/\.[^./]+$/, '');
export const folderOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');
export const isIndex = (path: string): boolean => INDEX.test(nameOf(path));
export const withoutId = (name: string): string => name.replace(NOTION_ID, '');
export const hasId = (path: string): boolean => NOTION_ID.test(nameOf(path));

/** A folder and those around it, the innermost first. */
export const withAncestors = (folder: string): string[] =>
  folder ? [folder, ...withAncestors(folderOf(folder))] : [];

export function titleOfPath(path: string): string {
  const folder = folderOf(path);
  return titleFrom(isIndex(path) && folder ? posix.basename(folder) : nameOf(path));
}

/** A file's name as a title: without Notion's id, words apart, beginning with a capital. */
export function titleFrom(name: string): string {
  const own = withoutId(name);
  const isDate = /^\d{4}-\d{2}-\d{2}(?:\D|$)/.test(own);
  const words = (isDate ? own : own.replace(/[-_\s]+/g, ' ')).trim();
  const [first = '', ...rest] = words;
  return titleLine(first.toUpperCase() + rest.join(''), TITLE_MAX) || 'Untitled';
}
