import type { QueryOf } from '@teambrain/contract/endpoint.ts';
import type { search as contract, SearchHit } from '@teambrain/contract/search.ts';
import type { Access, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type {
  KnownSource,
  LookUp,
  Retrieve,
  RetrievedPassage,
  SourceRef,
} from '../../platform/core/knowledge.ts';
import type { Log } from '../../platform/core/log.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { bestMatches, snippetOf, unmarked, type Match } from './search.hits.ts';
import * as retrieval from './search.retrieval.ts';
import { readStatistics, type Statistics } from './search.terms.ts';

const CANDIDATES = 100;
/** Found by meaning alone, a passage must be at least this near. */
const MIN_COSINE = 0.42;
/** Passages read at once for a page of hits. */
const PORTION = 24;
/** Passages an answer is made from, and some more to name when there is none. */
const RETRIEVED = 8;

export interface SearchDependencies {
  db: Database;
  encoder: Encoder;
  language: string;
  access: Access;
  lookUp: LookUp;
  log: Log;
}

export type Search = ReturnType<typeof createSearch>;

/** One search over messages and entries; `retrieve` gives Ask the same with its sentences. */
export function createSearch({ db, encoder, language, access, lookUp, log }: SearchDependencies) {
  /** The query's vector; without the encoder the search goes on by words. */
  async function encode(text: string): Promise<Float32Array | null> {
    try {
      return (await encoder.encode([text], 'query'))[0] ?? null;
    } catch (error) {
      log.warn({ err: error }, 'searching by words only');
      return null;
    }
  }

  async function candidates(visible: Visible, query: retrieval.Query, statistics: Statistics) {
    const found = await retrieval.findCandidates(db, visible, query, statistics);
    const good = found.filter(({ lexical, cosine }) => lexical > 0 || cosine >= MIN_COSINE);
    if (good.some(({ lexical }) => lexical > 0)) return good;
    const similar = await retrieval.findByTitle(db, visible, query);
    const known = new Set(similar.map(({ source_id }) => source_id));
    return [...similar, ...good.filter(({ source_id }) => !known.has(source_id))];
  }

  return {
    async search(actor: Actor, input: QueryOf<typeof contract>) {
      const { q, limit = 20, after = '0', kind } = input;
      const text = q.trim();
      const visible = access.visible(actor, input.space ? [input.space] : undefined);
      const typed = /[\p{L}\p{N}]{2,}$/u.exec(q)?.[0]?.toLowerCase();
      const [vector, statistics] = await Promise.all([
        text ? encode(text) : null,
        readStatistics(db, visible, {
          text,
          language,
          isForgiving: true,
          ...(typed ? { typed } : {}),
        }),
      ]);
      const query = { text, language, vector, limit: CANDIDATES, ...(kind ? { kind } : {}) };
      const found = await candidates(visible, query, statistics);
      const from = Number(after);
      const shown = await show({ visible, query, statistics, input }, found, from + limit + 1);
      const items = await mark(statistics, shown.slice(from, from + limit));
      return { items, next: shown.length > from + limit ? String(from + limit) : null };
    },

    retrieve: (async (visible, question) => {
      const [vector, statistics] = await Promise.all([
        encode(question),
        readStatistics(db, visible, { text: question, language }),
      ]);
      const query = { text: question, language, vector, limit: RETRIEVED };
      const passages = await retrieval.findCandidates(db, visible, query, statistics);
      const ids = passages.map(({ id }) => id);
      const sentences = await retrieval.readSentences(db, visible, ids, query);
      const heads = passages.map(({ title, heading }) => `${title} ${heading}`);
      const headTerms = await retrieval.termsOf(db, language, heads);
      return {
        terms: statistics.terms.map(({ term, idf }) => ({ term, idf })),
        passages: passages.map((passage, index) =>
          toRetrieved(passage, sentences, headTerms[index] ?? []),
        ),
      };
    }) satisfies Retrieve,
  };

  /**
   * The first matches, at least `enough` if there are as many, that still stand, are visible and
   * pass the filters. Passages are read in portions, because few of a hundred make the page.
   */
  async function show(request: Request, found: retrieval.Candidate[], enough: number) {
    const { visible, query, statistics, input } = request;
    const terms = new Set(statistics.terms.map(({ term }) => term));
    const seen = new Set<string>();
    const shown: Shown[] = [];
    const distinct = firstOfEach(found);
    for (let at = 0; at < distinct.length && shown.length < enough; at += PORTION) {
      const portion = distinct.slice(at, at + PORTION);
      const ids = portion.map(({ id }) => id);
      const sentences = await retrieval.readSentences(db, visible, ids, query);
      const matches = bestMatches(portion, sentences, terms).filter(({ ref }) => {
        const key = `${ref.spaceId}/${ref.id}`;
        return !seen.has(key) && seen.add(key);
      });
      const refs = matches.map(({ ref }) => ref);
      const known = await lookUp(visible, refs);
      for (const match of matches) {
        const source = known(match.ref);
        if (source && passes(source.card, input)) shown.push({ match, source });
      }
    }
    return shown;
  }

  async function mark({ terms }: Statistics, shown: Shown[]): Promise<SearchHit[]> {
    const texts = shown.map(({ match, source }) => unmarked(match.snippet || source.card.title));
    const words = terms.map(({ term }) => term);
    const marked = await retrieval.markTerms(db, language, words, texts);
    return shown.map(({ match, source }, index) => {
      const { start, end } = match;
      return { source: source.card, start, end, ...snippetOf(marked[index] ?? '') };
    });
  }
}

interface Request {
  visible: Visible;
  query: retrieval.Query;
  statistics: Statistics;
  input: QueryOf<typeof contract>;
}

interface Shown {
  match: Match;
  source: KnownSource;
}

/** Without further passages of an entry, which is shown by its best one; runs of chat all stay. */
function firstOfEach(found: readonly retrieval.Candidate[]): retrieval.Candidate[] {
  const seen = new Set<string>();
  return found.filter(({ kind, space_id, source_id }) => {
    const key = `${space_id}/${source_id}`;
    return kind === 'message' || (!seen.has(key) && seen.add(key));
  });
}

/** Whether a source passes the filters that are not part of retrieval. */
function passes({ author, at }: KnownSource['card'], filter: QueryOf<typeof contract>): boolean {
  if (filter.author && author.id !== filter.author.toLowerCase()) return false;
  if (filter.from && Date.parse(at) < Date.parse(filter.from)) return false;
  return !filter.to || Date.parse(at) < Date.parse(filter.to);
}

function toRetrieved(
  passage: retrieval.Candidate,
  sentences: retrieval.SentenceMatch[],
  headTerms: string[],
): RetrievedPassage {
  const own = sentences.filter(({ passage_id }) => passage_id === passage.id);
  return {
    id: passage.id,
    spaceId: passage.space_id,
    sourceId: passage.source_id,
    kind: passage.kind,
    title: passage.title,
    heading: passage.heading,
    score: passage.score,
    terms: [...new Set([...headTerms, ...own.flatMap(({ terms }) => terms)])],
    sentences: own.map((sentence) => ({
      ref: refOf(sentence),
      version: sentence.version,
      start: sentence.start,
      end: sentence.end,
      text: sentence.text,
      quote: sentence.quote,
      author: sentence.author,
      terms: sentence.terms,
      cosine: sentence.cosine,
    })),
  };
}

const refOf = (row: {
  source_type: SourceRef['type'];
  source_id: string;
  space_id: string;
}): SourceRef => ({ type: row.source_type, id: row.source_id, spaceId: row.space_id });
