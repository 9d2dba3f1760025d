import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '../platform/core/log.ts';
import { openDatabase } from '../platform/db/database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A migrated, empty embedded database to start each test file from. */
    template: string;
    /** A migrated, empty database of the PostgreSQL that tests run on; null: they run embedded. */
    serverTemplate: ServerTemplate | null;
    /** The built server: its program, its command line and its worker processes. */
    builtDir: string;
    /** Where encoders keep the generated model between test files. */
    modelDir: string;
  }
}

export interface ServerTemplate {
  /** TEST_DATABASE_URL, whose user may create databases. */
  url: string;
  /** Name of the template; databases made from it begin with this name. */
  name: string;
}

/**
 * Migrates once per run; every test file then starts from the result: embedded from a dump in half
 * a second, on PostgreSQL (a project that sets TEST_DATABASE=server) from a template database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = buildServer();
  project.provide('builtDir', built);
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-test-'));
  project.provide('modelDir', folder);
  const isServer = project.config.env?.['TEST_DATABASE'] === 'server';
  project.provide('template', isServer ? '' : await makeDump(folder));
  const template = isServer ? await makeTemplate() : null;
  project.provide('serverTemplate', template);
  return async () => {
    rmSync(built, { recursive: true, force: true });
    if (template) await dropAll(template);
  };
}

/**
 * Builds the server once: started from source, each of some two hundred processes would be compiled
 * at its start. Beside the source, where it finds migrations and packages.
 */
function buildServer(): string {
  const root = join(import.meta.dirname, '../../..');
  const folder = join(root, 'server', `.test-build-${randomBytes(6).toString('hex')}`);
  execFileSync(process.execPath, [join(root, 'scripts/bundle-for-tests.mjs'), folder]);
  return folder;
}

async function makeDump(folder: string): Promise<string> {
  const database = await openDatabase({ dataDir: null, log: createLog('silent') });
  const file = join(folder, 'template.tar');
  const dump = await database.dump?.();
  if (dump) writeFileSync(file, dump);
  await database.close();
  return file;
}

async function makeTemplate(): Promise<ServerTemplate> {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: `eval "$(.ci/services start)"`');
  const name = `teambrain_test_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${name}`);
  const database = await openDatabase({
    url: urlOf(url, name),
    dataDir: null,
    log: createLog('silent'),
  });
  await database.close();
  return { url, name };
}

/** A new database from the template. */
export async function createServerDatabase({ url, name }: ServerTemplate) {
  const own = `${name}_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${own} template ${name}`);
  return {
    url: urlOf(url, own),
    drop: () => administer(url, `drop database if exists ${own} with (force)`),
  };
}

async function dropAll({ url, name }: ServerTemplate): Promise<void> {
  const found = await administer<{ datname: string }>(
    url,
    `select datname from pg_database where datname ^@ '${name}'`,
  );
  for (const { datname } of found) await administer(url, `drop database ${datname} with (force)`);
}

async function administer<T>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as T[];
  } finally {
    await client.end();
  }
}

function urlOf(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}
