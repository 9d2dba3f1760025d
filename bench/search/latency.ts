/**
 * Measures how long a search takes, and where the time goes:
 * `npx tsx bench/search/latency.ts [number of queries]` with DATA_DIR (a copy of a seeded folder:
 * it writes an account) or DATABASE_URL, as the server reads them.
 */
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';
import { newId } from '../../server/src/platform/core/id.ts';

const count = Number(process.argv[2] ?? 200);
const app = await createApp(readConfig({ LOG_LEVEL: 'warn', ...process.env, PORT: '0' }));
const { db } = app.database;

const userId = newId();
await db.execute(`
  insert into users (id, email, name, created_at)
  values ('${userId}', '${userId}@example.org', 'Bench', now())`);
await app.followers.idle();
const actor = { userId, name: 'Bench', isAdministrator: false, sessionId: newId() };

const sizes = await db.execute<Record<string, number>>(`
  select (select count(*)::int from sentences) sentences, (select count(*)::int from passages) passages,
    (select count(*)::int from postings) postings, (select count(*)::int from spaces) spaces`);
console.log(sizes.rows[0]);

/** Two to five words of sentences that stand in the index, the same in every run. */
const texts = await db.execute<{ text: string }>(`
  select text from sentences where length(text) > 30 order by md5(passage_id::text || ordinal)
  limit ${count}`);
const queries = texts.rows.map(({ text }, n) => {
  const words = text.split(/\s+/).filter((word) => /^[\p{L}]{3,}$/u.test(word));
  return words.slice(0, 2 + (n % 4)).join(' ') || 'release notes';
});

function report(name: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

for (const round of ['cold', 'warm']) {
  const searches: number[] = [];
  for (const q of queries) searches.push(await timed(() => app.search.search(actor, { q })));
  report(`search, ${round}`, searches);
}
const asks: number[] = [];
for (const q of queries.slice(0, 50)) {
  asks.push(await timed(() => app.ask.ask(actor, { question: `What about ${q}?` })));
}
report('ask', asks);
await app.close();
process.exit(0);
