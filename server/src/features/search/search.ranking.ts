import type { SourceKind } from '@teambrain/contract/citation.ts';
import type { Visible } from '../../platform/access/access.ts';
import { hashOf } from '../../platform/core/id.ts';
import type { Log } from '../../platform/core/log.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import type { Cache } from '../../platform/ports/cache.ts';
import { worthShowing } from './search.floor.ts';
import * as retrieval from './search.retrieval.ts';
import { isForEncoder } from '../../platform/text/language.ts';
import { readStatistics, type Statistics } from './search.terms.store.ts';

/** Best passages kept of a query: of a search, and of a question (to answer from, and to name). */
const LIMITS = { search: 100, question: 8 };
/** How long a ranking is kept. */
const LIFE_MS = 30_000;

export interface RankingDependencies {
  db: Database;
  encoder: Encoder;
  language: string;
  cache: Cache;
  log: Log;
}

export interface RankingQuery {
  purpose: keyof typeof LIMITS;
  /** Without white space around it. */
  text: string;
  /** The word being typed, in small letters. */
  typed?: string;
  kind?: SourceKind;
  /** The question before, in a conversation. */
  before?: string;
}

export interface Ranking {
  /** The encoder's vector of the text; null where words alone count: see isForEncoder. */
  vector: Float32Array | null;
  statistics: Statistics;
  /** Best first. */
  found: retrieval.Ranked[];
}

/** As it is kept: ids, numbers and terms, and no text that could be shown. */
type Stored = Omit<Ranking, 'vector'> & { vector: string | null };

/**
 * The dear part of a search: the query's vector, its terms' statistics and the best passages. Kept
 * by the spaces the reader may read and the state of their index, so that it is shared by readers
 * of equal rights, and made anew once one of these changed. What is shown is read live.
 */
export function createRanking({ db, encoder, language, cache, log }: RankingDependencies) {
  /** The query's vector; without the encoder the search goes on by words. */
  async function encode(text: string): Promise<Float32Array | null> {
    try {
      return (await encoder.encode([text], 'query'))[0] ?? null;
    } catch (error) {
      log.warn({ err: error }, 'searching by words only');
      return null;
    }
  }

  async function compute(visible: Visible, asked: RankingQuery): Promise<Stored> {
    const { purpose, text, typed, kind, before } = asked;
    const more = { ...(typed ? { typed } : {}), ...(before ? { before } : {}) };
    const [vector, statistics] = await Promise.all([
      isForEncoder(text) ? encode(text) : null,
      readStatistics(db, visible, { text, language, ...more }),
    ]);
    const limit = LIMITS[purpose];
    const query = { text, language, vector, limit, ...(kind ? { kind } : {}) };
    const best = await retrieval.findCandidates(db, visible, query, statistics);
    const found =
      purpose === 'search'
        ? await withTitles(visible, query, worthShowing(best, statistics))
        : best;
    return { vector: vector && toText(vector), statistics, found };
  }

  /** What is worth showing; where none of it has the words, after what is titled nearly so. */
  async function withTitles(
    visible: Visible,
    query: retrieval.Query,
    good: retrieval.Ranked[],
  ): Promise<retrieval.Ranked[]> {
    if (good.some(({ lexical }) => lexical > 0)) return good;
    const similar = await retrieval.findByTitle(db, visible, query);
    const known = new Set(similar.map(({ source_id }) => source_id));
    return [...similar, ...good.filter(({ source_id }) => !known.has(source_id))];
  }

  return async function rank(visible: Visible, asked: RankingQuery): Promise<Ranking> {
    const { spaces, within } = await retrieval.readScope(db, visible);
    const { purpose, text, typed = '', kind = '', before = '' } = asked;
    const about = [encoder.model, language, purpose, text, typed, kind, before, spaces];
    const key = `ranking:${hashOf(about)}`;
    const stored = await cache.load(key, LIFE_MS, () => compute(within, asked));
    const { vector, statistics, found } = stored;
    // Found without the encoder: not what the next one should get.
    if (isForEncoder(text) && vector === null) await cache.drop(key);
    return { vector: vector === null ? null : fromText(vector), statistics, found };
  };
}

const toText = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const fromText = (text: string) =>
  new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
