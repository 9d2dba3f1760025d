import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createLog } from '../platform/core/log.ts';
import { openDatabase } from '../platform/db/database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A migrated, empty embedded database to start each test file from. */
    template: string;
    /** Where encoders keep the generated model between test files. */
    modelDir: string;
  }
}

/** Migrates once per run; every test file then starts from the dump in half a second. */
export default async function setup(project: TestProject): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-test-'));
  const database = await openDatabase({ dataDir: null, log: createLog('silent') });
  const file = join(folder, 'template.tar');
  const dump = await database.dump?.();
  if (dump) writeFileSync(file, dump);
  await database.close();
  project.provide('template', file);
  project.provide('modelDir', folder);
}
