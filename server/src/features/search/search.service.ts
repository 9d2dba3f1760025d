import type { QueryOf } from '@teambrain/contract/endpoint.ts';
import type { search as contract, SearchHit } from '@teambrain/contract/search.ts';
import type { Access, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { LookUp, Retrieve, SourceRef } from '../../platform/core/knowledge.ts';
import type { Log } from '../../platform/core/log.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { bestMatches, snippetOf, type Match } from './search.hits.ts';
import * as retrieval from './search.retrieval.ts';

const CANDIDATES = 100;
/** Found by meaning alone, a passage must be at least this near. */
const MIN_COSINE = 0.42;
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

  async function candidates(visible: Visible, query: retrieval.Query) {
    const found = await retrieval.findCandidates(db, visible, query);
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
      const query: retrieval.Query = {
        text,
        language,
        vector: text ? await encode(text) : null,
        prefixTerms: typed ? await retrieval.findPrefixTerms(db, visible, typed) : [],
        limit: CANDIDATES,
        ...(kind ? { kind } : {}),
      };
      const found = await candidates(visible, query);
      const ids = found.map(({ id }) => id);
      const sentences = await retrieval.readSentences(db, visible, ids, query);
      const [queryTerms = []] = await retrieval.termsOf(db, language, [text]);
      const terms = new Set([...queryTerms, ...(query.prefixTerms ?? [])]);
      const matches = bestMatches(found, sentences, terms);
      const hits = await describe(visible, matches, query, input);
      const from = Number(after);
      const items = hits.slice(from, from + limit);
      return { items, next: hits.length > from + limit ? String(from + limit) : null };
    },

    retrieve: (async (visible, question) => {
      const query = { text: question, language, vector: await encode(question), limit: RETRIEVED };
      const passages = await retrieval.findCandidates(db, visible, query);
      const ids = passages.map(({ id }) => id);
      const sentences = await retrieval.readSentences(db, visible, ids, query);
      const heads = passages.map(({ title, heading }) => `${title} ${heading}`);
      const headTerms = await retrieval.termsOf(db, language, heads);
      return {
        terms: await retrieval.readTerms(db, visible, query),
        passages: passages.map((passage, index) => {
          const own = sentences.filter(({ passage_id }) => passage_id === passage.id);
          const terms = new Set([...(headTerms[index] ?? []), ...own.flatMap((s) => s.terms)]);
          return {
            id: passage.id,
            spaceId: passage.space_id,
            sourceId: passage.source_id,
            kind: passage.kind,
            title: passage.title,
            heading: passage.heading,
            score: passage.score,
            terms: [...terms],
            sentences: own.map(({ start, end, ...sentence }) => ({
              ref: refOf(sentence),
              version: sentence.version,
              start,
              end,
              text: sentence.text,
              quote: sentence.quote,
              author: sentence.author,
              terms: sentence.terms,
              cosine: sentence.cosine,
            })),
          };
        }),
      };
    }) satisfies Retrieve,
  };

  /** Hits for those matches that still stand, are visible and pass the filters, in their order. */
  async function describe(
    visible: Visible,
    matches: Match[],
    query: retrieval.Query,
    filter: QueryOf<typeof contract>,
  ): Promise<SearchHit[]> {
    const known = await lookUp(
      visible,
      matches.map(({ ref }) => ref),
    );
    const passes = ({ author, at }: { author: { id: string }; at: string }) =>
      (!filter.author || author.id === filter.author.toLowerCase()) &&
      (!filter.from || Date.parse(at) >= Date.parse(filter.from)) &&
      (!filter.to || Date.parse(at) < Date.parse(filter.to));
    const shown = matches.flatMap((match) => {
      const source = known(match.ref);
      return source && passes(source.card) ? [{ match, source }] : [];
    });
    const texts = shown.map(({ match, source }) => match.snippet || source.card.title);
    const marked = await retrieval.markWords(db, query.language, query.text, texts);
    return shown.map(({ match, source }, index) => {
      const { start, end } = match;
      return { source: source.card, start, end, ...snippetOf(marked[index] ?? '') };
    });
  }
}

const refOf = (row: {
  source_type: SourceRef['type'];
  source_id: string;
  space_id: string;
}): SourceRef => ({ type: row.source_type, id: row.source_id, spaceId: row.space_id });
