/** A corpus in a real, embedded database, found and read by the product's own code. */
import { findCandidates } from '../../server/src/features/search/search.retrieval.ts';
import { createSearch } from '../../server/src/features/search/search.service.ts';
import { createIndexStore } from '../../server/src/features/search/search.store.ts';
import { readStatistics } from '../../server/src/features/search/search.terms.store.ts';
import type { PassageRow } from '../../server/src/features/search/search.write.store.ts';
import { createAccess, type Visible } from '../../server/src/platform/access/access.ts';
import { createOwnStandings } from '../../server/src/platform/access/standings.ts';
import { newId } from '../../server/src/platform/core/id.ts';
import type { Retrieved } from '../../server/src/platform/core/knowledge.ts';
import { createLog } from '../../server/src/platform/core/log.ts';
import { openDatabase } from '../../server/src/platform/db/database.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { createMemoryCache } from '../../server/src/platform/ports/cache.memory.ts';
import { isForEncoder } from '../../server/src/platform/text/language.ts';
import { passagesOf } from '../../server/src/platform/text/passages.ts';
import { weighWords } from '../../server/src/platform/text/word-weights.ts';

export interface Doc {
  id: string;
  title: string;
  text: string;
}

export interface Query {
  text: string;
  before?: string;
}

export type Corpus = Awaited<ReturnType<typeof openCorpus>>;

const LANGUAGE = 'english';
/** Sentences encoded in one call. */
const BATCH = 2_000;

/**
 * Indexes documents as entries; each in a space of its own where `isApart`, so that what a small
 * space knows can be asked too. Close it when done.
 */
export async function openCorpus(encoder: Encoder, docs: readonly Doc[], isApart = false) {
  const log = createLog('error');
  const database = await openDatabase({ dataDir: null, log });
  const { db } = database;
  const userId = newId();
  await db.execute(`insert into users (id, name, created_at) values ('${userId}', 'Bench', now())`);
  const makeSpace = async () => {
    const id = newId();
    await db.execute(`
      insert into spaces (id, name, visibility, created_by, request_hash, created_at)
      values ('${id}', 'Bench', 'public', '${userId}', '', now())`);
    return id;
  };
  const shared = await makeSpace();
  const sources = new Map<string, string>();
  const spaces = new Map<string, string>();
  const store = createIndexStore(db, LANGUAGE);
  let waiting: { spaceId: string; passages: PassageRow[] }[] = [];
  const flush = async () => {
    const texts = waiting.flatMap(({ passages }) => passages.flatMap(textsOf));
    const vectors = await encoder.encode(texts, 'document');
    let at = 0;
    for (const { spaceId, passages } of waiting) {
      const count = passages.flatMap(textsOf).length;
      const id = passages[0]?.sourceId ?? '';
      const [{ version } = { version: 0 }] = await store.findEntries([{ spaceId, id }]);
      const own = vectors.slice(at, (at += count));
      await store.write([{ spaceId, version, removed: [], passages }], own);
    }
    waiting = [];
  };
  for (const doc of docs) {
    const sourceId = newId();
    const spaceId = isApart ? await makeSpace() : shared;
    sources.set(sourceId, doc.id);
    spaces.set(doc.id, spaceId);
    waiting.push({ spaceId, passages: rowsOf(doc, sourceId, spaceId) });
    if (waiting.reduce((sum, { passages }) => sum + passages.length, 0) * 8 > BATCH) await flush();
  }
  await flush();
  await db.execute(`vacuum (analyze)`);

  const access = createAccess(db, createMemoryCache(), createOwnStandings(db));
  const actor = { userId, name: 'Bench', isAdministrator: false, sessionId: newId() };
  const seen = (id?: string): Visible =>
    access.visible(actor, id === undefined ? undefined : [spaces.get(id) ?? '']);
  const lookUp = () => Promise.resolve(() => undefined);
  const cache = createMemoryCache();
  const search = createSearch({ db, encoder, language: LANGUAGE, access, lookUp, cache, log });
  return {
    db,
    sourceOf: (sourceId: string) => sources.get(sourceId) ?? '',
    /** The documents in the order of retrieval, best first; `hasMeaning` false: by words alone. */
    async rank({ text, before }: Query, hasMeaning = true): Promise<string[]> {
      const visible = seen();
      const isEncoded = hasMeaning && isForEncoder(text);
      const [vector = null] = isEncoded ? await encoder.encode([text], 'query') : [];
      const asked = { text, language: LANGUAGE, ...(before ? { before } : {}) };
      const statistics = await readStatistics(db, visible, asked);
      const query = { text, language: LANGUAGE, vector, limit: 50 };
      const found = await findCandidates(db, visible, query, statistics);
      return [...new Set(found.map((row) => sources.get(row.source_id) ?? ''))];
    },
    /** What Ask would be given; of one document's space alone where `only` names it. */
    async retrieve({ text, before }: Query, only?: string): Promise<Retrieved> {
      const found = await search.retrieve(seen(only), text, before);
      const passages = found.passages.map((passage) => {
        return { ...passage, sourceId: sources.get(passage.sourceId) ?? '' };
      });
      return { ...found, passages };
    },
    close: () => database.close(),
  };
}

const textsOf = ({ sentences }: PassageRow) => sentences.flatMap(({ encode }) => encode || []);
/** Nothing of what the encoder does not understand. */
const encodable = (text: string) => (isForEncoder(text) ? text : '');

function rowsOf({ title, text }: Doc, sourceId: string, spaceId: string): PassageRow[] {
  return passagesOf(title, text).map(({ heading, text: body, sentences }, number) => {
    const row = { sourceType: 'entry' as const, sourceId, version: 1, author: '' };
    const own = sentences.map(({ start, end, text: words }) => {
      return {
        ...row,
        start,
        end,
        text: words,
        quote: text.slice(start, end),
        encode: encodable(words),
      };
    });
    const head = { ...row, start: 0, end: 0, text: '', quote: '', encode: encodable(title) };
    const titled = number === 0 && title ? [head] : [];
    const nowhere = { threadId: null, firstSeq: null, lastSeq: null };
    const place = { spaceId, sourceId, version: 1, ...nowhere };
    const passage = { ...place, id: newId(), kind: 'document' as const, title, heading, body };
    const weights = weighWords(body, `${title}\n${heading}`);
    return { ...passage, standing: 0, weights, sentences: [...titled, ...own] };
  });
}
