/** The hybrid of shared/design/AI.md, section 2, in memory: what the SQL computes, for the benches. */
import type {
  Retrieved,
  RetrievedPassage,
  RetrievedSentence,
} from '../../server/src/platform/core/knowledge.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { contentStems, wordsOf } from '../../server/src/platform/text/words.ts';

export interface Doc {
  id: string;
  title: string;
  sentences: string[];
}

const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 2;
const COSINE_WEIGHT = 0.5;

interface Entry {
  passage: RetrievedPassage;
  length: number;
  vectors: Float32Array[];
}

export interface LocalIndex {
  /** `only`: score just this passage, as if it alone had been found. */
  retrieve(question: string, limit: number, only?: string): Promise<Retrieved>;
}

/** Indexes passages; `encoder` null leaves the cosines at 0. */
export async function buildIndex(docs: Doc[], encoder: Encoder | null): Promise<LocalIndex> {
  const postings = new Map<string, Map<number, number>>();
  const entries: Entry[] = [];
  for (const doc of docs) {
    const body = contentStems(doc.sentences.join(' '));
    const title = contentStems(doc.title);
    const count = (term: string, by: number) => {
      const posting = postings.get(term) ?? new Map<number, number>();
      posting.set(entries.length, (posting.get(entries.length) ?? 0) + by);
      postings.set(term, posting);
    };
    for (const term of body) count(term, 1);
    for (const term of title) count(term, TITLE_WEIGHT);
    const texts = [...doc.sentences, doc.title];
    const vectors: Float32Array[] = [];
    for (let at = 0; encoder && at < texts.length; at += 2000) {
      vectors.push(...(await encoder.encode(texts.slice(at, at + 2000), 'document')));
    }
    const passage = passageOf(doc, [...new Set([...body, ...title])]);
    entries.push({ passage, length: body.length + TITLE_WEIGHT * title.length, vectors });
  }
  const average =
    entries.reduce((sum, { length }) => sum + length, 0) / Math.max(1, entries.length);
  const search = (question: string, limit: number, only?: string) =>
    retrieveFrom(entries, postings, average, encoder, question, limit, only);
  return { retrieve: search };
}

function passageOf(doc: Doc, terms: string[]): RetrievedPassage {
  const ref = { type: 'entry' as const, id: doc.id, spaceId: 's' };
  let at = 0;
  const sentences = doc.sentences.map((text): RetrievedSentence => {
    const start = at;
    at += text.length + 1;
    const range = { start, end: start + text.length, text, quote: text };
    const own = contentStems(text);
    return { ref, version: 1, ...range, author: '', terms: own, cosine: 0 };
  });
  const names = { id: doc.id, spaceId: 's', sourceId: doc.id, kind: 'document' as const };
  const heads = { title: doc.title, heading: '', names: [contentStems(doc.title)] };
  return { ...names, ...heads, score: 0, terms, sentences };
}

async function retrieveFrom(
  entries: Entry[],
  postings: Map<string, Map<number, number>>,
  average: number,
  encoder: Encoder | null,
  question: string,
  limit: number,
  only?: string,
): Promise<Retrieved> {
  const terms = [...new Set(contentStems(question))].map((term) => {
    const df = postings.get(term)?.size ?? 0;
    return { term, idf: Math.log(1 + (entries.length - df + 0.5) / (df + 0.5)) };
  });
  const bound = Math.max(
    1e-6,
    terms.reduce((sum, { idf }) => sum + idf * (K1 + 1), 0),
  );
  const [vector] = encoder ? await encoder.encode([question], 'query') : [];
  const passages = entries.flatMap((entry, number) => {
    if (only !== undefined && entry.passage.id !== only) return [];
    let bm25 = 0;
    for (const { term, idf } of terms) {
      const tf = postings.get(term)?.get(number) ?? 0;
      bm25 += (idf * tf * (K1 + 1)) / (tf + K1 * (1 - B + (B * entry.length) / average));
    }
    const cosines = entry.vectors.map((other) => (vector ? dot(vector, other) : 0));
    const score = bm25 / bound + COSINE_WEIGHT * Math.max(0, ...cosines);
    const sentences = entry.passage.sentences.map((s, i) => ({ ...s, cosine: cosines[i] ?? 0 }));
    return [{ ...entry.passage, score, sentences }];
  });
  const words = wordsOf(question).map((word) => contentStems(word)[0] ?? '');
  return { terms, words, passages: passages.sort((a, b) => b.score - a.score).slice(0, limit) };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
