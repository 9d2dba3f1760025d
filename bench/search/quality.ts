/**
 * nDCG@10 of retrieval as the database computes it, over the sets of `<folder>` (each a folder with
 * corpus.jsonl, queries.jsonl, qrels.tsv): `npx tsx bench/search/quality.ts <folder> [set …]`
 * The targets are in shared/design/AI.md, section 7.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCandidates } from '../../server/src/features/search/search.retrieval.ts';
import { createIndexStore } from '../../server/src/features/search/search.store.ts';
import { readStatistics } from '../../server/src/features/search/search.terms.ts';
import type { PassageRow } from '../../server/src/features/search/search.write.store.ts';
import { createAccess } from '../../server/src/platform/access/access.ts';
import { createOwnStandings } from '../../server/src/platform/access/standings.ts';
import { newId } from '../../server/src/platform/core/id.ts';
import { createLog } from '../../server/src/platform/core/log.ts';
import { openDatabase, type Database } from '../../server/src/platform/db/database.ts';
import { createShippedEncoder } from '../../server/src/platform/ports/ai/encoder.shipped.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { passagesOf } from '../../server/src/platform/text/passages.ts';
import { createMemoryCache } from '../../server/src/platform/ports/cache.memory.ts';

interface Line {
  id: string;
  title?: string;
  text: string;
}

const [folder = '', ...only] = process.argv.slice(2);
const language = 'english';
const linesOf = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
const readLines = (file: string) => linesOf(file).map((line) => JSON.parse(line) as Line);

/** Indexes the corpus in a space of its own; gives the reader and the documents by source id. */
async function load(db: Database, encoder: Encoder, docs: Line[]) {
  const userId = newId();
  const spaceId = newId();
  await db.execute(`insert into users (id, name, created_at) values ('${userId}', 'Bench', now())`);
  await db.execute(`
    insert into spaces (id, name, visibility, created_by, request_hash, created_at)
    values ('${spaceId}', 'Bench', 'public', '${userId}', '', now())`);
  const sources = new Map<string, string>();
  const store = createIndexStore(db, language);
  for (const { id, title = '', text } of docs) {
    const sourceId = newId();
    sources.set(sourceId, id);
    const passages = passagesOf(title, text).map(
      ({ heading, text: body, sentences }, number): PassageRow => {
        const row = { sourceType: 'entry' as const, sourceId, version: 1, author: '' };
        const own = sentences.map(({ start, end, text: words }) => {
          return { ...row, start, end, text: words, quote: words, encode: words };
        });
        const head = { ...row, start: 0, end: 0, text: '', quote: '', encode: title };
        const titled = number === 0 && title ? [head] : [];
        const place = { spaceId, sourceId, version: 1, firstSeq: null, lastSeq: null };
        const passage = { ...place, id: newId(), kind: 'document' as const, title, heading, body };
        return { ...passage, standing: 0, sentences: [...titled, ...own] };
      },
    );
    const texts = passages.flatMap(({ sentences }) => sentences.map(({ encode }) => encode));
    const vectors = await encoder.encode(texts, 'document');
    const { version } = await store.findEntry(spaceId, sourceId);
    await store.write([{ spaceId, version, removed: [], passages }], vectors);
  }
  await db.execute(`vacuum (analyze)`);
  return { sources, actor: { userId, name: 'Bench', isAdministrator: false, sessionId: newId() } };
}

function ndcg(ranked: string[], relevant: Map<string, number>): number {
  const gain = (grades: number[]) =>
    grades.reduce((sum, grade, place) => sum + (2 ** grade - 1) / Math.log2(place + 2), 0);
  const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, 10);
  return gain(ranked.slice(0, 10).map((id) => relevant.get(id) ?? 0)) / gain(ideal);
}

const models = mkdtempSync(join(tmpdir(), 'teambrain-bench-'));
const encoder = await createShippedEncoder({ cacheDir: models });
for (const set of only.length > 0 ? only : readdirSync(folder)) {
  const file = (name: string) => join(folder, set, name);
  const database = await openDatabase({ dataDir: null, log: createLog('warn') });
  const { db } = database;
  const { sources, actor } = await load(db, encoder, readLines(file('corpus.jsonl')));
  const relevant = new Map<string, Map<string, number>>();
  for (const [query = '', id = '', grade] of linesOf(file('qrels.tsv'))
    .slice(1)
    .map((line) => line.split('\t'))) {
    relevant.set(query, (relevant.get(query) ?? new Map<string, number>()).set(id, Number(grade)));
  }
  const visible = createAccess(db, createMemoryCache(), createOwnStandings(db)).visible(actor);
  const scores: number[] = [];
  const times: number[] = [];
  for (const { id, text } of readLines(file('queries.jsonl'))) {
    const grades = relevant.get(id);
    if (!grades) continue;
    const [vector = null] = await encoder.encode([text], 'query');
    const statistics = await readStatistics(db, visible, { text, language });
    const began = performance.now();
    const found = await findCandidates(
      db,
      visible,
      { text, language, vector, limit: 50 },
      statistics,
    );
    times.push(performance.now() - began);
    const ranked = [...new Set(found.map((row) => sources.get(row.source_id) ?? ''))];
    scores.push(ndcg(ranked, grades));
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const p50 = [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;
  console.log(
    `${set}: nDCG@10 ${mean.toFixed(4)}, ${scores.length} queries, candidates p50 ${p50.toFixed(1)} ms`,
  );
  await database.close();
}
await encoder.close();
rmSync(models, { recursive: true });
