import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { namesEntry, readArchive, readFolder, SeedError } from './archive.ts';
import { listMarkdown, readMarkdownFolder, type DocumentsSeed } from './markdown-folder.ts';
import { isSlackFile, readSlackExport, type ChatSeed } from './slack-export.ts';

/** What a folder holds, ready to write; `notes` counts what is left out, by kind. */
export interface Plan {
  folder: string;
  what: string;
  seeds: (ChatSeed | DocumentsSeed)[];
  notes: Map<string, number>;
}

/**
 * Reads a folder (or a zip file): a Slack export packed or unpacked, else Markdown files.
 * @throws SeedError if it is missing, empty, or neither
 */
export async function recognise(given: string, relativeTo: string): Promise<Plan> {
  const folder = resolve(relativeTo, given);
  if (!existsSync(folder)) throw new SeedError(`There is no folder ${folder}`);
  if (!statSync(folder).isDirectory()) {
    if (/\.zip$/i.test(folder)) return slackPlan(folder, [folder]);
    throw new SeedError(`${folder} is neither a folder nor a zip file`);
  }
  const names = (await readdir(folder)).sort();
  if (names.length === 0) throw new SeedError(`The folder ${folder} is empty`);
  if (names.includes('channels.json')) return slackPlan(folder, []);
  const zips: string[] = [];
  for (const name of names.filter((name) => /\.zip$/i.test(name))) {
    if (await namesEntry(join(folder, name), 'channels.json')) zips.push(join(folder, name));
  }
  if (zips.length > 0) return slackPlan(folder, zips);
  if ((await listMarkdown(folder)).paths.length > 0) {
    const { seed, notes } = await readMarkdownFolder(folder);
    return { folder, what: 'a folder of Markdown files', seeds: [seed], notes };
  }
  throw new SeedError(
    `${folder} holds neither a Slack export (a zip file with channels.json, or its files) nor Markdown files`,
  );
}

async function slackPlan(folder: string, zips: string[]): Promise<Plan> {
  const packs = [];
  for (const zip of zips) packs.push(await readArchive(zip, isSlackFile));
  if (zips.length === 0) packs.push(await readFolder(folder, isSlackFile));
  const plan: Plan = { folder, what: 'a Slack export', seeds: [], notes: new Map() };
  for (const files of packs) {
    const { channels, notes } = readSlackExport(files);
    plan.seeds.push(...channels);
    for (const [what, n] of notes) plan.notes.set(what, (plan.notes.get(what) ?? 0) + n);
  }
  if (plan.seeds.length === 0) throw new SeedError(`The Slack export in ${folder} has no messages`);
  return plan;
}
