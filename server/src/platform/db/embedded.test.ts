import { sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { folderOf } from '../../testing/folders.ts';
import { createLog } from '../core/log.ts';
import { connectFolder } from './connection.ts';
import { openDatabase, type OpenDatabase } from './database.ts';
import { prepare } from './prepared.ts';

let database: OpenDatabase;

beforeAll(async () => {
  const log = createLog('silent');
  database = await openDatabase({ dataDir: null, template: inject('template'), log });
  await database.db.execute(sql`create table counted (id int primary key, n int not null)`);
  await database.db.execute(sql`insert into counted values (1, 0)`);
});
afterAll(() => database.close());

const numbers = Array.from({ length: 100 }, (_, index) => index);

describe('the embedded database under parallel use', () => {
  it('runs each statement with its own text and values', async () => {
    // Statements of different shapes: mixed up, they fail or give another’s answer.
    const answers = await Promise.all(
      numbers.map(async (n) => {
        const shapes = [
          sql`select ${n}::int a`,
          sql`select ${n}::int a, ${`t${n}`}::text b`,
          sql`select ${n}::int + ${1}::int - ${1}::int a, ${n}::int c, ${n}::int d`,
        ];
        const found = await database.db.execute<{ a: number }>(shapes[n % 3] ?? sql`select 0 a`);
        return found.rows[0]?.a;
      }),
    );
    expect(answers).toEqual(numbers);
  });

  it('keeps transactions apart, and one that fails takes no other with it', async () => {
    const outcomes = await Promise.allSettled(
      numbers.map((n) =>
        database.db.transaction(async (tx) => {
          const { rows } = await tx.execute<{ n: number }>(sql`select n from counted where id = 1`);
          await tx.execute(sql`update counted set n = ${(rows[0]?.n ?? 0) + 1} where id = 1`);
          if (n % 4 === 0) await tx.execute(sql`select 1 / ${0}::int`);
        }),
      ),
    );
    const { rows } = await database.db.execute<{ n: number }>(sql`select n from counted`);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(25);
    expect(rows[0]?.n).toBe(75);
  });

  it('plans a statement anew on a new connection, under the same name', async () => {
    const plus = prepare<{ sum: number }, 'n'>(
      database.db,
      'plus one',
      sql`select ${sql.placeholder('n')}::int + 1 sum`,
    );
    for (const n of [1, 2, 3]) {
      expect(await plus({ n })).toEqual([{ sum: n + 1 }]);
      const pool = database.db.$client as Pool;
      // Ended instead of given back, as an idle or an old one is.
      (await pool.connect()).release(true);
    }
  });
});

/** Resident megabytes of this process with the folder's database open. */
async function memoryWith(dataDir: string): Promise<number> {
  const { connection, close } = await connectFolder(dataDir);
  await connection.query('select 1');
  const { rss } = process.memoryUsage();
  await close();
  return rss / 1e6;
}

it('keeps nothing of the half gigabyte that making a database takes', async () => {
  const dataDir = folderOf({});
  const first = await memoryWith(dataDir);
  const later = await memoryWith(dataDir);
  expect(first - later).toBeLessThan(200);
}, 120_000);
