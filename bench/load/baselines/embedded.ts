// Single-row INSERT commits per second through the embedded database’s own pool, by writers.
import { openEmbedded } from '../../../server/src/platform/db/embedded.ts';
import { drive } from '../drive.ts';
import { INSERT, ROWS, rowOf } from '../raw.ts';

const embedded = await openEmbedded(process.env['BENCH_FOLDER'] ?? '');
await embedded.pool.query(ROWS);
const rates: Record<string, number> = {};
for (const writers of [1, 16, 64]) {
  const measured = await drive(writers, Number(process.env['BENCH_SECONDS']), async () => {
    await embedded.pool.query(INSERT, rowOf());
  });
  rates[writers] = measured.perSecond;
}
await embedded.close();
process.stdout.write(`${JSON.stringify(rates)}\n`);
