import { messageDeleted, messageEdited, messagePosted } from '@teambrain/contract/chat.ts';
import type { ContentType } from '@teambrain/contract/kinds.ts';
import { LRUCache } from 'lru-cache';
import type {
  ChatPlace,
  ChatStretch,
  ChatTurn,
  Span,
  TextSource,
} from '../../platform/core/knowledge.ts';
import type { Log } from '../../platform/core/log.ts';
import type { Database } from '../../platform/db/database.ts';
import type { FollowedEvent, Follower } from '../../platform/events/follower.ts';
import { parkedSubjects } from '../../platform/events/parking.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { chatRunsOf } from '../../platform/text/chat-runs.ts';
import type { Cut } from '../../platform/text/cuts.ts';
import type { TextReader } from '../../platform/reader/client.ts';
import { changeOf, draftOfRun, prepareDrafts, rootLine, withFileNames } from './search.drafts.ts';
import { createTextIndex } from './search.texts.ts';
import { createRebuild } from './search.rebuild.store.ts';
import { createIndexStore } from './search.store.ts';
import type { Change, PassageRow } from './search.write.store.ts';

const NAME = 'search-index';

/** More than a batch of events and the run before it can hold. */
const STRETCH = 2_000;
/** Characters of recent messages whose sentences are kept. */
const MAX_KEPT = 2_000_000;
/** Words that were deleted leave nothing in memory for longer. */
const LIFE_MS = 60_000;

export interface IndexDependencies {
  log: Log;
  db: Database;
  encoder: Encoder;
  language: string;
  chat: ChatStretch;
  texts: readonly TextSource[];
  reader: TextReader;
}

/**
 * Keeps passages, postings and sentence vectors in step with messages and texts. What a batch
 * touched is read anew and compared with what stands, so handling a batch twice changes nothing.
 */
export function createIndexer(deps: IndexDependencies): Follower {
  const { db, language, encoder, chat, texts, reader } = deps;
  const store = createIndexStore(db, language);
  const cutAll = rememberCuts(reader);
  const parkedIn = (spaceIds: readonly string[]) => parkedSubjects(db, NAME, spaceIds);
  const textIndexes = texts.map(({ changedBy, loadAll }) => ({
    types: new Set(changedBy),
    index: createTextIndex({
      store,
      reader,
      encode,
      async load(refs) {
        const parked = await parkedIn(refs.map(({ spaceId }) => spaceId));
        return loadAll(refs.filter(({ spaceId, id }) => !parked.has(`${spaceId} ${id}`)));
      },
    }),
  }));

  /** In one go, so that batches are full. */
  async function encode(passages: readonly PassageRow[]): Promise<Float32Array[]> {
    const texts = passages.flatMap(({ sentences }) =>
      sentences.flatMap(({ encode: own }) => own || []),
    );
    const vectors: Float32Array[] = [];
    for (let at = 0; at < texts.length; at += 1_000) {
      vectors.push(...(await encoder.encode(texts.slice(at, at + 1_000), 'document')));
    }
    return vectors;
  }

  async function write(all: Change[]): Promise<void> {
    // A space that was deleted has nothing to change.
    const changes = all.filter(({ removed, passages }) => removed.length + passages.length > 0);
    if (changes.length === 0) return;
    const drafts = changes.flatMap(({ passages }) => passages);
    await prepareDrafts(reader, drafts);
    await store.write(changes, await encode(drafts));
  }

  /** Brings the runs around spans of chat, each of another thread or stream, up to date. */
  async function indexChat(spans: readonly Span[]): Promise<void> {
    const stretches = await store.findStretches(spans);
    const parked = await parkedIn(stretches.map(({ spaceId }) => spaceId));
    const said = await chat.turns(stretches, STRETCH);
    const turns = said.filter(({ ref }) => !parked.has(`${ref.spaceId} ${ref.id}`));
    const cuts = await cutAll(turns);
    const cutOf = (turn: ChatTurn) => withFileNames(cuts.get(turn) ?? NOTHING, turn);
    const changes = stretches.map((stretch) => {
      const { spaceId, threadId } = stretch;
      const near = turns.filter(({ ref }) => ref.spaceId === spaceId);
      // Roots of threads are among the turns, wherever they are.
      const isWithin = ({ seq }: ChatTurn) => seq >= stretch.first && seq <= stretch.last;
      const own = near.filter((turn) => turn.threadId === threadId && isWithin(turn));
      const root = near.find(({ ref }) => ref.id === threadId);
      const texts = new Map(own.map(({ ref, text }) => [ref.id, text]));
      const runs = chatRunsOf(
        own.map((turn) => ({ ...turn, id: turn.ref.id, cut: cutOf(turn) })),
        ({ cut }) => cut,
      );
      const above = root ? rootLine(root.author, cutOf(root)) : '';
      return changeOf(
        stretch,
        runs.map((run) => draftOfRun(stretch, run, texts, above)),
      );
    });
    await write(bySpace(changes));
  }

  /** A message that changed: its own run, and those of its replies, which have its words as well. */
  async function indexChanged(spaceId: string, id: string, { seq, threadId }: ChatPlace) {
    await indexChat([{ spaceId, threadId, first: seq, last: seq }]);
    if (threadId !== null) return;
    const runs = await store.findRuns(spaceId, id);
    for (let at = 0; at < runs.length; at += RUNS) {
      const some = runs.slice(at, at + RUNS);
      const first = Math.min(...some.map((run) => run.first));
      const last = Math.max(...some.map((run) => run.last));
      await indexChat([{ spaceId, threadId: id, first, last }]);
    }
  }

  const follower = {
    name: NAME,
    async handle(events: readonly FollowedEvent[]) {
      const posted = events.filter(({ type }) => type === messagePosted.type);
      const changed = [...subjectsOf(events, CHANGED_MESSAGES)];
      const places = await chat.placesOf([
        ...posted.map(({ spaceId, subjectId }) => ({ spaceId, id: subjectId ?? '' })),
        ...changed.map(({ spaceId, subjectId }) => ({ spaceId, id: subjectId })),
      ]);
      const spans = spansOf(posted, places);
      if (spans.length > 0) await indexChat(spans);
      for (const { spaceId, subjectId } of changed) {
        const place = places.get(`${spaceId} ${subjectId}`);
        if (place) await indexChanged(spaceId, subjectId, place);
      }
      for (const { types, index } of textIndexes) await index([...subjectsOf(events, types)]);
    },
  };
  const changeOfType = (type: ContentType) => {
    if (type === 'message') return messageEdited.type;
    const source = texts.find((one) => one.type === type);
    if (!source) throw new Error(`Nobody loads texts of the type ${type}`);
    return source.changedBy[0];
  };
  return { ...follower, background: createRebuild(db, deps.log, follower.handle, changeOfType) };
}

/** Runs of a thread that are made again at once. */
const RUNS = 20;

/** From the first to the last message of each thread and each space's own stream. */
function spansOf(
  events: readonly FollowedEvent[],
  places: ReadonlyMap<string, ChatPlace>,
): readonly Span[] {
  const spans = new Map<string, Span>();
  for (const { spaceId, seq, subjectId } of events) {
    // Of a message that is not there any more, its space is not either.
    const place = places.get(`${spaceId} ${subjectId}`);
    if (!place) continue;
    const { threadId } = place;
    const key = `${spaceId} ${threadId}`;
    const span = spans.get(key) ?? { spaceId, threadId, first: seq, last: seq };
    span.first = Math.min(span.first, seq);
    span.last = Math.max(span.last, seq);
    spans.set(key, span);
  }
  return [...spans.values()];
}

/** One change of each space; what stands in one was read at one moment, so its version is the same. */
function bySpace(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const { spaceId, version, removed, passages } of changes) {
    const one = merged.get(spaceId);
    merged.set(spaceId, {
      spaceId,
      version,
      removed: [...(one?.removed ?? []), ...removed],
      passages: [...(one?.passages ?? []), ...passages],
    });
  }
  return [...merged.values()];
}

/** What events of some types are about, each once. */
function subjectsOf(events: readonly FollowedEvent[], types: ReadonlySet<FollowedEvent['type']>) {
  const subjects = new Map<string, { spaceId: string; subjectId: string }>();
  for (const { type: own, spaceId, subjectId } of events) {
    if (subjectId && types.has(own))
      subjects.set(`${spaceId} ${subjectId}`, { spaceId, subjectId });
  }
  return subjects.values();
}

const CHANGED_MESSAGES = new Set([messageEdited.type, messageDeleted.type] as const);

const NOTHING: Cut = { sentences: [], words: 0 };

/** Recent messages' sentences: the last stretch of a chat is read with every message that joins it. */
function rememberCuts(reader: TextReader) {
  const known = new LRUCache<string, Cut>({ maxSize: MAX_KEPT, ttl: LIFE_MS, ttlAutopurge: true });
  const keyOf = ({ ref, version }: ChatTurn) => `${ref.spaceId} ${ref.id} ${version}`;
  return async (turns: readonly ChatTurn[]): Promise<Map<ChatTurn, Cut>> => {
    const cuts = new Map<ChatTurn, Cut>();
    const missing: ChatTurn[] = [];
    for (const turn of turns) {
      const cut = known.get(keyOf(turn));
      if (cut) cuts.set(turn, cut);
      else missing.push(turn);
    }
    const made = await reader.cut(missing.map(({ text }) => text));
    for (const [n, turn] of missing.entries()) {
      const cut = made[n] ?? NOTHING;
      cuts.set(turn, cut);
      known.set(keyOf(turn), cut, { size: turn.text.length + 1 });
    }
    return cuts;
  };
}
