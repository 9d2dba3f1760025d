import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ledger } from './ledger.ts';
import { isMarkdown, readMarkdownFolder, type DocumentsSeed } from './markdown/folder.ts';
import type { Scanner } from './markdown/page.ts';
import { readSlackExport, type ChatSeed } from './slack/export.ts';
import { openFolder } from './source/folder.ts';
import { isPacked, openParts } from './source/parts.ts';
import { SeedError, type Source } from './source/source.ts';
import { isZip, openZip } from './source/zip.ts';

/** What a folder or zip file holds, ready to write. */
export interface Plan {
  /** Its path. */
  path: string;
  what: string;
  seeds: (ChatSeed | DocumentsSeed)[];
  ledger: Ledger;
  close(): Promise<void>;
}

/**
 * Reads a folder or a zip file: a Slack export packed or unpacked, else Markdown files. A folder that
 * has Slack exports as zip files gives a plan for each of them.
 * @throws SeedError if it is missing, empty, or neither
 */
export async function recognise(
  given: string,
  relativeTo: string,
  scanner: Scanner,
): Promise<Plan[]> {
  const path = resolve(relativeTo, given);
  if (!existsSync(path)) throw new SeedError(`There is no folder or file ${path}`);
  if (!statSync(path).isDirectory()) {
    if (await isZip(path)) return [await planOf(await openZip(path), scanner)];
    throw new SeedError(`${path} is neither a folder nor a zip file`);
  }
  const folder = await openFolder(path);
  if (folder.files.length === 0) throw new SeedError(`The folder ${path} is empty`);
  const zips = await zipsOf(folder);
  if (zips.length === 0) return [await planOf(folder, scanner)];
  const plans: Plan[] = [];
  for (const zip of zips) plans.push(await planOf(zip, scanner));
  const beside = plans[0]?.ledger;
  for (const { label } of folder.files) {
    if (zips.some((zip) => zip.path === join(path, label))) continue;
    beside?.find('files');
    beside?.leave('files', 'beside the zip files', label);
  }
  return plans;
}

/** The zip files at the top of a folder that is nothing else, all Slack exports or all Markdown. */
async function zipsOf(folder: Source): Promise<Source[]> {
  if (slackRoots(folder).length > 0) return [];
  const zips: Source[] = [];
  for (const { label } of folder.files) {
    if (!label.includes('/') && /\.zip$/i.test(label)) {
      zips.push(await openZip(join(folder.path, label)));
    }
  }
  const exports = zips.filter((zip) => slackRoots(zip).length > 0);
  const isPages = folder.files.some(({ label }) => isMarkdown(label));
  const wanted =
    exports.length > 0 || isPages ? exports : zips.filter((zip) => hasPages(zip) || isPacked(zip));
  for (const zip of zips) if (!wanted.includes(zip)) await zip.close();
  return wanted;
}

const hasPages = ({ files }: Source) => files.some(({ label }) => isMarkdown(label));

/** How many folders may be around what was meant to be packed. */
const MAX_AROUND = 3;

/** Folders with a Slack export in them: a list of channels beside users or days. */
function slackRoots({ files }: Source): string[] {
  const labels = new Set(files.map(({ label }) => label));
  const roots = [...labels].flatMap((label) => {
    const root = /^((?:[^/]+\/)*)channels\.json$/.exec(label)?.[1];
    return root === undefined || root.split('/').length > MAX_AROUND + 1 ? [] : [root];
  });
  return roots.filter(
    (root) =>
      root === '' ||
      labels.has(`${root}users.json`) ||
      files.some(({ label }) => label.startsWith(root) && /\/\d{4}-\d\d-\d\d\.json$/.test(label)),
  );
}

async function planOf(source: Source, scanner: Scanner): Promise<Plan> {
  try {
    const roots = slackRoots(source);
    if (roots.length > 0) return await slackPlan(source, roots);
    if (hasPages(source)) return await pagesPlan(source, scanner);
    if (isPacked(source)) return await planOf(await openParts(source), scanner);
    throw new SeedError(`${source.path} ${nothingIn(source)}`);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function nothingIn({ files }: Source): string {
  const has = (name: string) => files.some(({ label }) => label.endsWith(name));
  if (has('users.json') && ['groups.json', 'dms.json', 'mpims.json'].some(has)) {
    return 'is a Slack export without public channels: private ones are not imported';
  }
  if (files.some(({ label }) => /\.zip$/i.test(label))) {
    return 'holds zip files and nothing that can be imported: unpack it and name what is in it';
  }
  return 'holds neither a Slack export (with channels.json) nor Markdown files';
}

async function slackPlan(source: Source, roots: readonly string[]): Promise<Plan> {
  const ledger = new Ledger();
  const seeds: ChatSeed[] = [];
  for (const root of roots) seeds.push(...(await readSlackExport(source, root, ledger)));
  if (seeds.length === 0) {
    throw new SeedError(`The Slack export in ${source.path} has no messages`);
  }
  for (const { label } of source.files) {
    if (roots.some((root) => label.startsWith(root))) continue;
    ledger.find('files');
    ledger.leave('files', 'beside the export', label);
  }
  for (const { what, why } of source.left) {
    ledger.find('files');
    ledger.leave('files', why, what);
  }
  return { path: source.path, what: 'a Slack export', seeds, ledger, close: () => source.close() };
}

async function pagesPlan(source: Source, scan: Scanner): Promise<Plan> {
  const ledger = new Ledger();
  const key = `markdown/${realpathSync(source.path)}`;
  const seed = await readMarkdownFolder(source, key, { ledger, scanner: scan });
  const what = 'Markdown files';
  return { path: source.path, what, seeds: [seed], ledger, close: () => source.close() };
}
