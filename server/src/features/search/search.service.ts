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
import { bestMatches, highlightsOf, onlyTitle, type Match } from './search.hits.ts';
import { createRanking, type Ranking, type RankingDependencies } from './search.ranking.ts';
import * as retrieval from './search.retrieval.ts';
import { readTerms } from '../../platform/db/terms.ts';
import { searchWordsOf, type SearchWord } from '../../platform/text/search-words.ts';
import { suggest } from './search.suggest.store.ts';
import { askedTerms, type Statistics } from './search.terms.store.ts';

/** Passages read at once for a page of hits. */
const PORTION = 24;

export interface SearchDependencies extends RankingDependencies {
  access: Access;
  lookUp: LookUp;
}

export type Search = ReturnType<typeof createSearch>;

/** One search over messages and entries; `retrieve` gives Ask the same with its sentences. */
export function createSearch(deps: SearchDependencies) {
  const { db, language, access, lookUp } = deps;
  const rank = createRanking(deps);

  return {
    async search(actor: Actor, input: QueryOf<typeof contract>) {
      const { q, limit = 20, after = '0', kind } = input;
      const text = normalised(q);
      const visible = access.visible(actor, input.space ? [input.space] : undefined);
      const typed = typedIn(q);
      const filter = { ...(typed ? { typed } : {}), ...(kind ? { kind } : {}) };
      const ranking = await rank(visible, { purpose: 'search', text, ...filter });
      const from = Number(after);
      const shown = await show({ visible, ranking, input }, from + limit + 1);
      const items = await mark(text, ranking.statistics, shown.slice(from, from + limit));
      const { statistics } = ranking;
      const { passages, outdated } = statistics;
      return {
        items,
        next: shown.length > from + limit ? String(from + limit) : null,
        suggestions: shown.length > 0 ? [] : await suggest(deps, visible, text, statistics),
        indexed: Math.floor((100 * (passages - outdated)) / passages),
      };
    },

    retrieve: (async (visible, question, before) => {
      const text = normalised(question);
      const more = before ? { before: normalised(before) } : {};
      const ranking = await rank(visible, { purpose: 'question', text, ...more });
      const { vector, statistics, found } = ranking;
      const ids = found.map(({ id }) => id);
      const [lexemes, heads, sentences] = await Promise.all([
        retrieval.readLexemes(db, language, text),
        retrieval.readHeads(db, visible, ids, language),
        retrieval.readSentences(db, visible, ids, { vector, language }),
      ]);
      const { asked, corrected } = askedTerms(statistics.terms);
      return {
        terms: asked,
        words: lexemes.map((lexeme) => corrected.get(lexeme) ?? lexeme),
        passages: found.flatMap((passage) => {
          const head = heads.get(passage.id);
          return head ? [toRetrieved(passage, head, sentences)] : [];
        }),
      };
    }) satisfies Retrieve,
  };

  /**
   * The first matches, at least `enough` if there are as many, that still stand, are visible and
   * pass the filters. Passages are read in portions, because few of a hundred make the page.
   */
  async function show({ visible, ranking, input }: Request, enough: number) {
    const { vector, statistics, found } = ranking;
    const terms = new Set(statistics.terms.map(({ term }) => term));
    const seen = new Set<string>();
    const shown: Shown[] = [];
    const distinct = firstOfEach(found);
    for (let at = 0; at < distinct.length && shown.length < enough; at += PORTION) {
      const portion = distinct.slice(at, at + PORTION);
      const ids = portion.map(({ id }) => id);
      const sentences = await retrieval.readSentences(db, visible, ids, { vector, language });
      const matches = bestMatches(portion, sentences, terms).filter(({ ref }) => {
        const key = `${ref.spaceId}/${ref.id}`;
        return !seen.has(key) && seen.add(key);
      });
      const refs = matches.map(({ ref }) => ref);
      const known = await lookUp(visible, refs);
      for (const match of matches) {
        const source = known(match.ref);
        if (!source || !passes(source.card, input)) continue;
        const isNow = match.version === null || match.version === source.version;
        if (isNow) shown.push({ match, source });
        // Changed since it was indexed: words of before are not shown.
        else if (match.ref.type !== 'message') shown.push({ match: onlyTitle(match.ref), source });
      }
    }
    return shown;
  }

  async function mark(query: string, { terms }: Statistics, shown: Shown[]): Promise<SearchHit[]> {
    const texts = shown.map(({ match, source }) => match.snippet || source.card.title);
    const [asked = [], ...words] = await readTerms(db, language, [query, ...texts]);
    return shown.map(({ match, source }, index) => {
      const { start, end } = match;
      const highlights = highlightsOf(words[index] ?? [], terms, asked);
      return { source: source.card, start, end, snippet: texts[index] ?? '', highlights };
    });
  }
}

/**
 * The word at the end of a query, which may only be begun: two letters at least, or one character
 * of a script without spaces, whose words are indexed in pairs.
 */
function typedIn(q: string): string | undefined {
  const last = searchWordsOf(q).filter(({ end }) => end === q.length);
  const isBegun = ({ kind, form }: SearchWord) =>
    kind === 'word' ? form.length > 1 : kind === 'exact' && /^\p{L}\p{M}*$/u.test(form);
  return last.find(isBegun)?.form;
}

interface Request {
  visible: Visible;
  ranking: Ranking;
  input: QueryOf<typeof contract>;
}

interface Shown {
  match: Match;
  source: KnownSource;
}

/** Spelt so that equal queries are equal; what finds is blind to white space. */
const normalised = (text: string) => text.trim().replace(/\s+/g, ' ');

/** Without further passages of an entry, which is shown by its best one; runs of chat all stay. */
function firstOfEach(found: readonly retrieval.Ranked[]): retrieval.Ranked[] {
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
  passage: retrieval.Ranked,
  head: retrieval.Head,
  sentences: retrieval.SentenceMatch[],
): RetrievedPassage {
  // Who asks gets what can be quoted.
  const own = sentences.filter(
    ({ passage_id, quote }) => passage_id === passage.id && quote !== '',
  );
  return {
    id: passage.id,
    spaceId: passage.space_id,
    sourceId: passage.source_id,
    kind: passage.kind,
    title: head.title,
    heading: head.heading,
    score: passage.score,
    names: head.names,
    terms: [...new Set([...head.names.flat(), ...own.flatMap(({ terms }) => terms)])],
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
