/** Reads the development sets; their READMEs name sources and licences. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Doc } from './space.ts';

export function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

/** Query id → document id → grade. */
export function readGrades(path: string): Map<string, Map<string, number>> {
  const grades = new Map<string, Map<string, number>>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n').slice(1)) {
    const [query = '', id = '', grade] = line.split('\t');
    grades.set(query, (grades.get(query) ?? new Map<string, number>()).set(id, Number(grade)));
  }
  return grades;
}

export interface GradedQuery {
  text: string;
  before?: string;
  relevant: Map<string, number>;
}

export interface RankingSet {
  docs: Doc[];
  queries: GradedQuery[];
}

const titled = (docs: (Omit<Doc, 'title'> & { title?: string })[]): Doc[] =>
  docs.map(({ id, title = '', text }) => ({ id, title, text }));

/** A folder with corpus.jsonl, queries.jsonl and qrels.tsv. */
export function readRanking(folder: string): RankingSet {
  const grades = readGrades(join(folder, 'qrels.tsv'));
  const queries = readLines<{ id: string; text: string }>(join(folder, 'queries.jsonl'));
  return {
    docs: titled(readLines<Doc>(join(folder, 'corpus.jsonl'))),
    queries: queries.flatMap(({ id, text }) => {
      const relevant = grades.get(id);
      return relevant ? [{ text, relevant }] : [];
    }),
  };
}

export interface Asked {
  text: string;
  passage: string;
  /** Ranges of the sentences that a reference answer rests on. */
  right: [number, number][];
}

interface ClapPassage extends Doc {
  sentences: [number, number][];
}

interface ClapQuestion {
  question: string;
  passage_id: string;
  answerable: boolean;
  answers: { sentences: number[] }[];
}

export function readClapnq(folder: string) {
  const docs = readLines<ClapPassage>(join(folder, 'corpus.jsonl'));
  const byId = new Map(docs.map((doc) => [doc.id, doc]));
  const questions = readLines<ClapQuestion>(join(folder, 'questions.jsonl'));
  const read = ({ question, passage_id, answers }: ClapQuestion): Asked => ({
    text: question,
    passage: passage_id,
    right: [...new Set(answers.flatMap(({ sentences }) => sentences))].flatMap((index) => {
      const range = byId.get(passage_id)?.sentences[index];
      return range ? [range] : [];
    }),
  });
  return {
    docs: docs.map(({ id, title, text }): Doc => ({ id, title, text })),
    answerable: questions.filter(({ answerable }) => answerable).map(read),
    unanswerable: questions.filter(({ answerable }) => !answerable).map(read),
  };
}

interface MtragQuestion {
  id: string;
  question: string;
  rewrite: string | null;
  turns: { speaker: string; text: string }[];
}

export function readMtrag(folder: string) {
  const grades = readGrades(join(folder, 'qrels.tsv'));
  const questions = readLines<MtragQuestion>(join(folder, 'questions.jsonl'));
  return {
    docs: titled(readLines<Doc>(join(folder, 'corpus.jsonl'))),
    queries: questions.flatMap(({ id, question, rewrite, turns }) => {
      const relevant = grades.get(id);
      if (!relevant) return [];
      const asked = turns.filter(({ speaker }) => speaker === 'user').map(({ text }) => text);
      const before = asked.at(-2);
      return [
        { text: question, rewrite: rewrite ?? question, relevant, ...(before ? { before } : {}) },
      ];
    }),
  };
}

/** Each example question a document; the query's right answer is its entry, null for none. */
export function readHint3(folder: string, name: string) {
  const faqs = readLines<{ id: string; questions: string[] }>(join(folder, `${name}.faq.jsonl`));
  const queries = readLines<{ text: string; faq: string | null }>(
    join(folder, `${name}.queries.jsonl`),
  );
  return {
    docs: faqs.flatMap(({ id, questions }) =>
      questions.map((title, n): Doc => ({ id: `${id}#${n}`, title, text: '' })),
    ),
    queries,
  };
}
