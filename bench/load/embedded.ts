import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { measureReads, measureWrites } from './measure.ts';
import { ms, rate, spread, type Line } from './report.ts';
import { startTeamBrain, type Run } from './server.ts';
import { populate } from './world.ts';

/** The same writes and reads on the embedded database. */
export async function measureEmbedded(run: Run, note: (line: Line) => void): Promise<void> {
  const { seconds, folder } = run;
  const least = measureCommits(join(folder, 'raw'), seconds / 2);
  const data = join(folder, 'embedded');
  const env = { DATA_DIR: data };
  await (await startTeamBrain(run, env)).stop();
  const served = await startTeamBrain(run, env);
  note({ what: 'embedded: start', figure: ms(served.startedIn) });
  try {
    const world = await populate(served.port, 64);
    for (const writers of [1, 16, 64]) {
      const raw = least[writers] ?? Number.NaN;
      for (const where of ['hot', 'many'] as const) {
        if (where === 'many' && writers !== 16) continue;
        const measured = await measureWrites(world, writers, seconds, where);
        note({
          what: `embedded: messages by ${writers} into ${where === 'hot' ? 'one space' : '50 spaces'}`,
          figure: spread(measured),
          baseline: `${rate(raw)} INSERT commits`,
          ratio: measured.perSecond / raw,
        });
      }
    }
    const reads = await measureReads(world, 16, seconds, false);
    note({
      what: 'embedded: reads of the last 50 messages, 16 at a time',
      figure: spread(reads),
    });
  } finally {
    await served.stop();
  }
}

/** INSERT commits per second by number of writers, of an embedded database by itself. */
function measureCommits(folder: string, seconds: number): Record<number, number> {
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', 'bench/load/baselines/embedded.ts'],
    {
      env: { ...process.env, BENCH_FOLDER: folder, BENCH_SECONDS: String(seconds) },
      encoding: 'utf8',
    },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as Record<number, number>;
}
