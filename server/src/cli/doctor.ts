import type { Storage } from '../config.ts';
import { knownMigrations } from '../platform/db/migrations.ts';
import { checks, orphanChecks, runCheck, type Finding } from './doctor.store.ts';
import { RefusedError } from './failures.ts';
import { openOrigin } from './origin.ts';
import { beginSnapshot } from './tables.store.ts';
import { compareStore, lookAtStore } from './stored-files.ts';
import type { Task } from './task.ts';
import { requireSchema } from './write-backup.ts';

/** What `teambrain doctor --json` prints. */
export interface DoctorReport {
  checked: number;
  pausedMs: number | null;
  findings: Finding[];
}

/** Checks what must hold in the data, at one moment and without changing anything. */
export async function doctor(storage: Storage, task: Task): Promise<DoctorReport> {
  const store = await lookAtStore(storage);
  const origin = await openOrigin(storage, 'doctor', task);
  try {
    const { connection } = origin;
    await beginSnapshot(connection);
    const schema = await requireSchema(connection);
    if (schema.length < knownMigrations().length) {
      throw new RefusedError(
        'The database has an older schema. Start TeamBrain once, which brings it up to date.',
      );
    }
    const all = [...checks, ...(await orphanChecks(connection))];
    const findings: Finding[] = [];
    for (const [index, check] of all.entries()) {
      task.step('Doctor: checks', index, all.length);
      const finding = await runCheck(connection, check);
      if (finding) findings.push(finding);
    }
    findings.push(...(await compareStore(connection, store)).findings);
    task.step('Doctor: checks', all.length, all.length);
    await connection.query('rollback');
    return { checked: all.length + 1, pausedMs: origin.pausedMs, findings };
  } finally {
    await origin.close();
  }
}
