/**
 * How many hits the queries of `nonsense.txt` get, which should be none:
 * `npx tsx bench/search/nonsense.ts [file of queries]` with DATA_DIR (a copy of a seeded folder: it
 * writes an account) or DATABASE_URL, as the server reads them.
 */
import { readFileSync } from 'node:fs';
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';
import { newId } from '../../server/src/platform/core/id.ts';

const file = process.argv[2] ?? new URL('nonsense.txt', import.meta.url);
const app = await createApp(readConfig({ LOG_LEVEL: 'warn', ...process.env, PORT: '0' }));
const userId = newId();
await app.database.db.execute(`
  insert into users (id, email, name, created_at)
  values ('${userId}', '${userId}@example.org', 'Bench', now())`);
await app.followers.idle();
const actor = { userId, name: 'Bench', isAdministrator: false, sessionId: newId() };
let silent = 0;
const queries = readFileSync(file, 'utf8').trim().split('\n');
for (const q of queries) {
  const { items } = await app.search.search(actor, { q });
  const [first] = items;
  if (first) console.log(`${items.length} hits for ${q}: ${first.source.title || first.snippet}`);
  else silent += 1;
}
console.log(`${silent} of ${queries.length} queries found nothing`);
await app.close();
process.exit(0);
