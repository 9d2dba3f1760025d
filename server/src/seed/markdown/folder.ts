import { MARKDOWN_MAX } from '@teambrain/contract/knowledge.ts';
import { SPACE_NAME_MAX } from '@teambrain/contract/spaces.ts';
import type { Ledger } from '../ledger.ts';
import { decodeText } from '../source/decode.ts';
import { UnreadableError, type Source } from '../source/source.ts';
import { nameLine } from '../text.ts';
import { tableOfCsv } from './csv.ts';
import { hasId, MARKDOWN, titleFrom } from './names.ts';
import { readPage, type FolderKind, type PageFile, type Scanner } from './page.ts';
import { hasGenerator, isGenerated, mayBeGenerated } from './templates.ts';
import { pagesOf, type Page } from './tree.ts';

/** A folder of Markdown files to become a space. */
export interface DocumentsSeed {
  kind: 'documents';
  key: string;
  name: string;
  description: string;
  pages: Page[];
}

const FILES = 'files';
/** In any encoding, and with the front matter that goes. */
const MAX_BYTES = 8 * MARKDOWN_MAX;
const CSV = /\.csv$/i;

export const isMarkdown = (label: string): boolean => MARKDOWN.test(label);

/** The documents of a folder or zip file. `key` tells it from others in every run. */
export async function readMarkdownFolder(
  source: Source,
  key: string,
  { ledger, scanner }: { ledger: Ledger; scanner: Scanner },
): Promise<DocumentsSeed> {
  ledger.find(FILES, source.files.length + source.left.length);
  for (const { what, why } of source.left) ledger.leave(FILES, why, what);
  const isNotion = source.files.some(({ label }) => isMarkdown(label) && hasId(label));
  const isTable = (label: string) => isNotion && CSV.test(label);
  const texts = new Map<string, string>();
  for (const { label, size } of source.files) {
    if (isMarkdown(label) || isTable(label)) {
      const text = await readText(source, label, size, ledger);
      if (text !== null) texts.set(label, text);
    } else ledger.leave(FILES, 'of another kind than Markdown', label);
  }
  const kind = await kindOf(source, texts, scanner);
  const files: PageFile[] = [];
  for (const [label, text] of texts) {
    if (
      CSV.test(label) &&
      /_all\.csv$/i.test(label) &&
      texts.has(label.replace(/_all(?=\.csv$)/i, ''))
    ) {
      ledger.leave(FILES, 'the same database again', label);
      continue;
    }
    const page = await readPage(label, CSV.test(label) ? tableOfCsv(text) : text, kind, {
      ledger,
      scanner,
    });
    if (page) files.push(page);
    if (page) ledger.keep(FILES);
    else ledger.leave(FILES, TOO_LARGE, label);
  }
  const readme = files.find(({ path }) => /^readme\.\w+$/i.test(path));
  const named = readme && readme.title.length <= SPACE_NAME_MAX ? readme.title : '';
  const name = named && !/^readme$/i.test(named) ? named : titleFrom(source.name);
  return {
    kind: 'documents',
    key,
    name: nameLine(name, SPACE_NAME_MAX) || 'Documents',
    description: '',
    pages: pagesOf(files, ledger),
  };
}

const TOO_LARGE = `larger than ${MARKDOWN_MAX.toLocaleString('en')} characters`;

async function readText(
  source: Source,
  label: string,
  size: number,
  ledger: Ledger,
): Promise<string | null> {
  const leave = (why: string) => {
    ledger.leave(FILES, why, label);
    return null;
  };
  if (size > MAX_BYTES) return leave(TOO_LARGE);
  try {
    const decoded = decodeText(await source.read(label));
    if (!decoded) return leave('no text, or in an encoding that cannot be told');
    if (decoded.encoding !== 'utf-8') {
      ledger.note(`files in another encoding than UTF-8 (${decoded.encoding})`, 1, label);
    }
    return decoded.text;
  } catch (error) {
    if (error instanceof UnreadableError) return leave(error.message);
    throw error;
  }
}

async function kindOf(
  source: Source,
  texts: ReadonlyMap<string, string>,
  scanner: Scanner,
): Promise<FolderKind> {
  const isVault = source.left.some(({ what }) => /(?:^|\/)\.obsidian$/.test(what));
  const labels = [...source.files.map(({ label }) => label), ...source.left.map((l) => l.what)];
  if (hasGenerator(labels)) return { isGenerated: true, isVault };
  for (const text of texts.values()) {
    if (!mayBeGenerated(text)) continue;
    const scan = await scanner(text);
    if (scan && isGenerated(text, scan.code)) return { isGenerated: true, isVault };
  }
  return { isGenerated: false, isVault };
}
