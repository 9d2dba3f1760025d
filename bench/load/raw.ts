import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { drive, type Measured } from './drive.ts';

/** What a message is at the least: one row with a key. */
export const ROWS = `create table if not exists bench_rows (
  id uuid primary key, space uuid not null, author uuid not null, text text not null,
  at timestamptz not null)`;
export const INSERT = 'insert into bench_rows values ($1, $2, $3, $4, now())';
export const TEXT =
  'A message of usual length, as people write them at work when they agree on something: long enough, not too long.';

const space = randomUUID();
export const rowOf = () => [randomUUID(), space, space, TEXT];

/** Single-row INSERT commits of as many connections as there are writers. */
export async function measureCommits(
  url: string,
  writers: number,
  seconds: number,
): Promise<Measured> {
  const clients = Array.from({ length: writers }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query(ROWS);
    return await drive(writers, seconds, async (n) => {
      await clients[n]?.query({ name: 'bench', text: INSERT, values: rowOf() });
    });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** A new, empty database beside the one of `url`; `drop` removes it. */
export async function createDatabase(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `teambrain_bench_${randomUUID().slice(0, 8)}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await administer(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => administer(`drop database ${name} with (force)`) };
}
