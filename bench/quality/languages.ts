import { readFileSync } from 'node:fs';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { meanOf, type Row } from './rows.ts';
import { openCorpus, type Doc } from './space.ts';

/** A heading with a sentence of its page, and a question that a colleague would type. */
interface Pair {
  title: string;
  text: string;
  question: string;
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** First hits in languages the encoder does not know, beside BM25 of plain words and bigrams. */
export async function measureLanguages(encoder: Encoder): Promise<Row[]> {
  const file = new URL('./questions/languages.json', import.meta.url);
  const languages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Pair[]>;
  const rows: Row[] = [];
  for (const [language, pairs] of Object.entries(languages)) {
    const docs = pairs.map(({ title, text }, n): Doc => ({ id: String(n), title, text }));
    const corpus = await openCorpus(encoder, docs);
    const plain = createBm25(docs.map(({ title, text }) => `${title} ${title} ${text}`));
    const hits: number[] = [];
    const others: number[] = [];
    for (const [n, { question }] of pairs.entries()) {
      const [best] = await corpus.rank({ text: question });
      hits.push(best === String(n) ? 1 : 0);
      others.push(plain(question) === n ? 1 : 0);
    }
    await corpus.close();
    const bm25 = meanOf(others);
    const beside = { 'BM25 of words and bigrams': bm25 };
    rows.push({
      set: language,
      measure: 'first hit',
      value: meanOf(hits),
      target: bm25,
      others: beside,
    });
  }
  return rows;
}

/** Lower-case words; of scripts without spaces, pairs of neighbouring characters. */
function tokensOf(text: string): string[] {
  const runs =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return runs.flatMap((run) => {
    if (!WIDE.test(run)) return [run];
    const characters = [...run];
    return characters.slice(0, -1).map((character, i) => character + (characters[i + 1] ?? ''));
  });
}

/** The position of the text that BM25 (k1 1.2, b .75) finds best; −1 where it finds none. */
function createBm25(texts: readonly string[]): (query: string) => number {
  const documents = texts.map(tokensOf);
  const average = meanOf(documents.map(({ length }) => length));
  return (query) => {
    const scores = documents.map((tokens) =>
      [...new Set(tokensOf(query))].reduce((sum, term) => {
        const count = tokens.filter((token) => token === term).length;
        const df = documents.filter((other) => other.includes(term)).length;
        const idf = Math.log(1 + (documents.length - df + 0.5) / (df + 0.5));
        const norm = 1.2 * (0.25 + (0.75 * tokens.length) / average);
        return sum + (idf * count * 2.2) / (count + norm);
      }, 0),
    );
    const most = Math.max(...scores);
    return most > 0 ? scores.indexOf(most) : -1;
  };
}
