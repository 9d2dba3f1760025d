import { join } from 'node:path';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { meanOf, ndcg, type Row } from './rows.ts';
import { readClapnq, readHint3, readMtrag, readRanking, type RankingSet } from './sets.ts';
import { openCorpus, type Corpus } from './space.ts';

const TARGETS: Record<string, number> = {
  scifact: 0.69,
  'qmsum-val': 0.28,
  'handbook-faq': 0.465,
  clapnq: 0.88,
};
const HINT3: Record<string, number> = { sofmattress: 0.74, curekart: 0.78 };

/** nDCG@10 of finding the right passage. */
export async function measureRetrieval(encoder: Encoder, data: string): Promise<Row[]> {
  const folder = (name: string) => join(data, 'retrieval', name);
  const clapnq = readClapnq(join(data, 'qa/clapnq-dev'));
  const sets: [string, () => RankingSet][] = [
    ...['scifact', 'qmsum-val', 'handbook-faq'].map((name): [string, () => RankingSet] => [
      name,
      () => readRanking(folder(name)),
    ]),
    [
      'clapnq',
      () => ({
        docs: clapnq.docs,
        queries: clapnq.answerable.map(({ text, passage }) => {
          return { text, relevant: new Map([[passage, 1]]) };
        }),
      }),
    ],
  ];
  const rows: Row[] = [];
  for (const [name, read] of sets) {
    const { docs, queries } = read();
    const corpus = await openCorpus(encoder, docs);
    const score = async (find: (text: string) => Promise<string[]>) => {
      const scores: number[] = [];
      for (const { text, relevant } of queries) scores.push(ndcg(await find(text), relevant));
      return meanOf(scores);
    };
    const value = await score((text) => corpus.rank({ text }));
    const others = {
      BM25: await score((text) => corpus.rank({ text }, false)),
      PostgreSQL: await score(await rankByPostgres(corpus)),
    };
    rows.push({ set: name, measure: 'nDCG@10', value, target: TARGETS[name] ?? 0, others });
    await corpus.close();
  }
  return rows;
}

/** PostgreSQL's own ranking of the same passages: ts_rank_cd, any of the words. */
async function rankByPostgres({ db, sourceOf }: Corpus) {
  await db.execute(`
    create temp table ranked as select d.id, d.source_id,
      setweight(to_tsvector('english', d.title), 'A') || to_tsvector('english', coalesce(t.text, '')) words
    from passages d left join (
      select passage_id id, string_agg(text, ' ') text from sentences group by 1) t using (id)`);
  return async (text: string): Promise<string[]> => {
    const asked = `'${text.replace(/'/g, "''")}'`;
    const found = await db.execute<{ source_id: string }>(`
      with q as (select string_agg(quote_literal(term), ' | ')::tsquery query
        from unnest(tsvector_to_array(to_tsvector('english', ${asked}))) term)
      select source_id from ranked, q where words @@ query
      order by ts_rank_cd(words, query) desc limit 50`);
    return [...new Set(found.rows.map(({ source_id }) => sourceOf(source_id)))];
  };
}

/** Matching a user's words to an entry by its nearest example question, where there is one. */
export async function measureMatching(encoder: Encoder, data: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, target] of Object.entries(HINT3)) {
    const { docs, queries } = readHint3(join(data, 'qa/hint3'), name);
    const corpus = await openCorpus(encoder, docs);
    const inScope = queries.filter(({ faq }) => faq !== null);
    const accuracy = async (hasMeaning: boolean) => {
      const hits: number[] = [];
      for (const { text, faq } of inScope) {
        const [best = ''] = await corpus.rank({ text }, hasMeaning);
        hits.push(best.split('#')[0] === faq ? 1 : 0);
      }
      return meanOf(hits);
    };
    const value = await accuracy(true);
    const others = { BM25: await accuracy(false) };
    rows.push({ set: `hint3 ${name}`, measure: 'accuracy in scope', value, target, others });
    await corpus.close();
  }
  return rows;
}

/** What the question before adds to a follow-up. */
export async function measureFollowUps(encoder: Encoder, data: string): Promise<Row[]> {
  const { docs, queries } = readMtrag(join(data, 'qa/mtrag-human'));
  const corpus = await openCorpus(encoder, docs);
  const later = queries.filter(({ before }) => before !== undefined);
  const score = async (
    list: typeof queries,
    query: (item: (typeof queries)[number]) => Parameters<Corpus['rank']>[0],
  ) => {
    const scores: number[] = [];
    for (const item of list) scores.push(ndcg(await corpus.rank(query(item)), item.relevant));
    return meanOf(scores);
  };
  const alone = await score(later, ({ text }) => ({ text }));
  const value = await score(later, ({ text, before }) => ({ text, ...(before ? { before } : {}) }));
  const rewritten = await score(later, ({ rewrite }) => ({ text: rewrite }));
  await corpus.close();
  const others = { 'last turn alone': alone, 'rewritten by hand': rewritten };
  const target = Number((alone + 0.025).toFixed(3));
  return [{ set: 'mtrag-human', measure: 'nDCG@10 with the previous turn', value, target, others }];
}
