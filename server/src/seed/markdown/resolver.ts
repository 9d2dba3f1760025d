import { posix } from 'node:path';
import { folderOf, isIndex, MARKDOWN, nameOf, withoutId } from './names.ts';

/** What a page is called by others. */
export interface Addressed {
  path: string;
  title: string;
  aliases: string[];
}

/** Finds the page a link means. */
export interface Resolver {
  /** Undefined for another site, mail or the same page; `key` is null if no page answers. */
  (from: string, to: string): { key: string | null; anchor: string } | undefined;
  /** The page of a wikilink: by path, by name anywhere, by alias or title; null if there is none. */
  wiki(from: string, name: string): string | null;
}

const plainOf = (address: string) =>
  address
    .normalize('NFC')
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '');

/** By file name, by site address, or by an address a page once had; in NFC and without case. */
export function createResolver(pages: readonly Addressed[]): Resolver {
  const known = new Map<string, string>();
  const names = new Map<string, string>();
  const note = (map: Map<string, string>, address: string, key: string) => {
    const plain = plainOf(address);
    if (plain && !map.has(plain)) map.set(plain, key);
  };
  for (const { path } of pages) note(known, path, path);
  for (const { path } of pages) {
    note(known, isIndex(path) ? folderOf(path) : path.replace(MARKDOWN, ''), path);
    note(names, nameOf(path), path);
  }
  for (const { path, aliases } of pages) {
    for (const alias of aliases) {
      note(known, alias, path);
      note(names, alias, path);
    }
  }
  for (const { path, title } of pages) {
    note(names, withoutId(nameOf(path)), path);
    note(names, title, path);
  }

  const find = (from: string, path: string): string | undefined => {
    const bases = path.startsWith('/') ? [''] : [folderOf(from), from.replace(MARKDOWN, ''), ''];
    for (const base of bases) {
      const plain = plainOf(posix.join('/', base, path));
      const key = known.get(plain) ?? known.get(plain.replace(/(?:\/index)?\.html?$/, ''));
      if (key !== undefined) return key;
    }
    return undefined;
  };

  const resolve = (from: string, to: string) => {
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/|#|$)/i.test(to)) return undefined;
    const [, address = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/.exec(to) ?? [];
    return { key: find(from, decodePath(address)) ?? null, anchor };
  };
  const wiki = (from: string, name: string) => {
    const plain = name.replace(MARKDOWN, '');
    return find(from, `/${plain}`) ?? find(from, plain) ?? names.get(plainOf(plain)) ?? null;
  };
  return Object.assign(resolve, { wiki });
}

function decodePath(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // a lone % is part of the name
  }
}
