/**
 * `npm run bench:load [-- --quick] [--strict] [--only=writes,reads] [--profile=folder]`: what a
 * built TeamBrain does under load, beside the least the same machine needs for the same.
 * PostgreSQL comes from TEST_DATABASE_URL, otherwise from `.ci/services`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureEmbedded } from './embedded.ts';
import { createDatabase } from './raw.ts';
import { isMet, table, type Line } from './report.ts';
import { measureServer, SECTIONS, type Section } from './server.ts';

/** The whole run may take so long, whatever hangs. */
const DEADLINE_MS = { quick: 60_000, full: 360_000 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    only: { type: 'string', default: [...SECTIONS, 'embedded'].join(',') },
    profile: { type: 'string' },
  },
});
const only = new Set(values.only.split(',') as (Section | 'embedded')[]);
const folder = mkdtempSync(join(tmpdir(), 'teambrain-bench-'));
const run = {
  seconds: values.quick ? 0.8 : 2,
  rounds: values.quick ? 1 : 3,
  folder,
  profile: values.profile,
};
const deadline = setTimeout(
  () => {
    process.stderr.write('The bench took too long and was given up.\n');
    process.exit(2);
  },
  values.quick ? DEADLINE_MS.quick : DEADLINE_MS.full,
);

const lines: Line[] = [];
const note = (line: Line) => {
  lines.push(line);
  process.stderr.write(
    `${line.what}: ${line.figure}${line.baseline ? ` | ${line.baseline}` : ''}\n`,
  );
};
const began = performance.now();
const services = startServices(join(folder, 'services'));
try {
  const database = await createDatabase(services.url);
  try {
    await measureServer({ ...run, url: database.url, only: only as Set<Section> }, note);
  } finally {
    await database.drop();
  }
  if (only.has('embedded')) await measureEmbedded(run, note);
} finally {
  services.stop();
  rmSync(folder, { recursive: true, force: true });
}
clearTimeout(deadline);
process.stdout.write(`\n${table(lines)}\n\n${((performance.now() - began) / 1000).toFixed(0)} s\n`);
const missed = lines.filter(
  ({ ratio, target }) => target !== undefined && !isMet({ ratio, target }),
);
if (missed.length > 0) {
  process.stdout.write(`Not reached: ${missed.map(({ what }) => what).join('; ')}\n`);
  if (values.strict) process.exitCode = 1;
}

/** Of this run alone: those that somebody started by hand are left as they are. */
function startServices(state: string): { url: string; stop(): void } {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, stop: () => undefined };
  const env = { ...process.env, TEAMBRAIN_CI_STATE: state };
  const output = execFileSync('.ci/services', ['start'], { encoding: 'utf8', env });
  const url = /TEST_DATABASE_URL=(\S+)/.exec(output)?.[1];
  if (!url) throw new Error('.ci/services did not name a database');
  return { url, stop: () => void execFileSync('.ci/services', ['stop'], { env }) };
}
