import type { ChatStretch, LoadEntry } from '../../platform/core/knowledge.ts';
import { newId } from '../../platform/core/id.ts';
import type { Database } from '../../platform/db/database.ts';
import type { FollowedEvent, Follower } from '../../platform/events/followers.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { chatRunsOf, type RunDraft } from '../../platform/text/chat-runs.ts';
import { passagesOf } from '../../platform/text/passages.ts';
import * as store from './search.store.ts';

/** More than a batch of events and the run before it can hold. */
const STRETCH = 2_000;

export interface IndexDependencies {
  db: Database;
  encoder: Encoder;
  language: string;
  chat: ChatStretch;
  loadEntry: LoadEntry;
}

/**
 * Keeps passages, postings and sentence vectors in step with messages and entries. Whatever a batch
 * touched is read anew and replaced as a whole, so handling a batch twice changes nothing.
 */
export function createIndexer(deps: IndexDependencies): Follower {
  return {
    name: 'search-index',
    async handle(events) {
      for (const [spaceId, own] of bySpace(events)) {
        await indexChat(deps, spaceId, own);
        const entries = own.filter(({ type }) => type.startsWith('entry.'));
        for (const id of new Set(entries.map(({ subjectId }) => subjectId))) {
          if (id) await indexEntry(deps, spaceId, id);
        }
      }
    },
  };
}

function bySpace(events: readonly FollowedEvent[]): Map<string, FollowedEvent[]> {
  const spaces = new Map<string, FollowedEvent[]>();
  for (const event of events) {
    const own = spaces.get(event.spaceId);
    if (own) own.push(event);
    else spaces.set(event.spaceId, [event]);
  }
  return spaces;
}

async function indexEntry(deps: IndexDependencies, spaceId: string, id: string): Promise<void> {
  const entry = await deps.loadEntry(spaceId, id);
  const drafts: store.PassageRow[] = [];
  if (entry) {
    const { title, text, version, kind, author } = entry;
    for (const [number, draft] of passagesOf(title, text).entries()) {
      drafts.push({
        id: newId(),
        spaceId,
        kind,
        sourceId: id,
        version,
        firstSeq: null,
        lastSeq: null,
        title,
        heading: draft.heading,
        body: draft.text,
        sentences: [
          // The title's vector stands once, with the first passage.
          ...(number === 0 ? [titleRow(id, version, title)] : []),
          ...draft.sentences.map(({ start, end, text: words }) => ({
            sourceType: 'entry' as const,
            sourceId: id,
            version,
            start,
            end,
            author,
            text: words,
            quote: text.slice(start, end),
            encode: words,
          })),
        ],
      });
    }
  }
  const embedded = await embed(deps.encoder, drafts);
  await store.replaceEntry(deps.db, deps.language, { spaceId, id }, embedded);
}

const titleRow = (id: string, version: number, title: string): store.SentenceRow => ({
  sourceType: 'entry',
  sourceId: id,
  version,
  start: 0,
  end: 0,
  author: '',
  text: '',
  quote: '',
  encode: title,
});

/** New messages extend the last run; an edit or deletion rebuilds the run it stands in. */
async function indexChat(
  deps: IndexDependencies,
  spaceId: string,
  events: readonly FollowedEvent[],
): Promise<void> {
  const posted = events.filter(({ type }) => type === 'message.posted').map(({ seq }) => seq);
  if (posted.length > 0) {
    const tail = await store.findTail(deps.db, spaceId);
    const first = Math.min(tail ?? Infinity, ...posted);
    await rebuild(deps, spaceId, first, Math.max(...posted));
  }
  const changed = events.filter(({ type }) => /^message\.(edited|deleted)$/.test(type));
  for (const id of new Set(changed.map(({ subjectId }) => subjectId))) {
    const seq = id && (await deps.chat.seqOf(spaceId, id));
    if (!seq) continue;
    const range = await store.findRunRange(deps.db, spaceId, seq);
    await rebuild(deps, spaceId, range?.first ?? seq, range?.last ?? seq);
  }
}

async function rebuild(
  deps: IndexDependencies,
  spaceId: string,
  first: number,
  last: number,
): Promise<void> {
  const turns = await deps.chat.stretch(spaceId, { first, last, limit: STRETCH });
  const texts = new Map(turns.map((turn) => [turn.ref.id, turn.text]));
  const runs = chatRunsOf(turns.map((turn) => ({ ...turn, id: turn.ref.id })));
  const drafts = runs.map((run) => toPassage(spaceId, run, texts));
  const embedded = await embed(deps.encoder, drafts);
  await store.replaceRuns(deps.db, deps.language, { spaceId, first, last }, embedded);
}

function toPassage(spaceId: string, run: RunDraft, texts: Map<string, string>): store.PassageRow {
  const seqs = run.messages.map(({ seq }) => seq);
  return {
    id: newId(),
    spaceId,
    kind: 'message',
    sourceId: run.messages[0]?.id ?? '',
    version: 1,
    firstSeq: Math.min(...seqs),
    lastSeq: Math.max(...seqs),
    title: '',
    heading: '',
    body: run.text,
    sentences: run.messages.flatMap(({ id, version, author, sentences }) =>
      sentences.map(({ start, end, text }) => ({
        sourceType: 'message' as const,
        sourceId: id,
        version,
        start,
        end,
        author,
        text,
        quote: (texts.get(id) ?? '').slice(start, end),
        encode: text,
      })),
    ),
  };
}

/** Vectors for all sentences of all passages in one go, so that batches are full. */
async function embed(
  encoder: Encoder,
  passages: store.PassageRow[],
): Promise<store.EmbeddedPassage[]> {
  const texts = passages.flatMap(({ sentences }) => sentences.map(({ encode }) => encode));
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += 1_000) {
    vectors.push(...(await encoder.encode(texts.slice(at, at + 1_000), 'document')));
  }
  let next = 0;
  return passages.map((passage) => ({
    ...passage,
    sentences: passage.sentences.map((sentence) => ({
      ...sentence,
      embedding: vectors[next++] ?? null,
    })),
  }));
}
