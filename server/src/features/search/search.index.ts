import { messageDeleted, messageEdited, messagePosted } from '@teambrain/contract/chat.ts';
import {
  entryCreated,
  entryDeleted,
  entryRestored,
  entryUpdated,
} from '@teambrain/contract/knowledge.ts';
import { LRUCache } from 'lru-cache';
import type { ChatStretch, ChatTurn, LoadEntries, Span } from '../../platform/core/knowledge.ts';
import type { Log } from '../../platform/core/log.ts';
import type { Database } from '../../platform/db/database.ts';
import type { FollowedEvent, Follower } from '../../platform/events/follower.ts';
import { parkedSubjects } from '../../platform/events/parking.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { chatRunsOf } from '../../platform/text/chat-runs.ts';
import type { Cut } from '../../platform/text/cuts.ts';
import type { TextReader } from '../../platform/reader/client.ts';
import { changeOf, draftOfRun, prepareDrafts } from './search.drafts.ts';
import { createEntryIndex } from './search.entries.ts';
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
  loadEntries: LoadEntries;
  reader: TextReader;
}

/**
 * Keeps passages, postings and sentence vectors in step with messages and entries. What a batch
 * touched is read anew and compared with what stands, so handling a batch twice changes nothing.
 */
export function createIndexer(deps: IndexDependencies): Follower {
  const { db, language, encoder, chat, loadEntries, reader } = deps;
  const store = createIndexStore(db, language);
  const cutAll = rememberCuts(reader);
  const parkedIn = (spaceIds: readonly string[]) => parkedSubjects(db, NAME, spaceIds);
  const indexEntries = createEntryIndex({
    store,
    reader,
    encode,
    async loadEntries(refs) {
      const parked = await parkedIn(refs.map(({ spaceId }) => spaceId));
      return loadEntries(refs.filter(({ spaceId, id }) => !parked.has(`${spaceId} ${id}`)));
    },
  });

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

  /** Brings the runs around spans of chat, each of another space, up to date. */
  async function indexChat(spans: Span[]): Promise<void> {
    const stretches = await store.findStretches(spans);
    const parked = await parkedIn(stretches.map(({ spaceId }) => spaceId));
    const said = await chat.turns(stretches, STRETCH);
    const turns = said.filter(({ ref }) => !parked.has(`${ref.spaceId} ${ref.id}`));
    const cuts = await cutAll(turns);
    const changes = stretches.map((stretch) => {
      const own = turns.filter(({ ref }) => ref.spaceId === stretch.spaceId);
      const texts = new Map(own.map(({ ref, text }) => [ref.id, text]));
      const runs = chatRunsOf(
        own.map((turn) => ({ ...turn, id: turn.ref.id, cut: cuts.get(turn) ?? NOTHING })),
        ({ cut }) => cut,
      );
      return changeOf(
        stretch,
        runs.map((run) => draftOfRun(stretch.spaceId, run, texts)),
      );
    });
    await write(changes);
  }

  const follower = {
    name: NAME,
    async handle(events: readonly FollowedEvent[]) {
      const posted = spansOf(events.filter(({ type }) => type === messagePosted.type));
      if (posted.length > 0) await indexChat(posted);
      for (const { spaceId, subjectId } of subjectsOf(events, CHANGED_MESSAGES)) {
        const seq = await chat.seqOf(spaceId, subjectId);
        if (seq) await indexChat([{ spaceId, first: seq, last: seq }]);
      }
      await indexEntries([...subjectsOf(events, ENTRIES)]);
    },
  };
  return { ...follower, background: createRebuild(db, deps.log, follower.handle) };
}

/** From the first to the last message of each space. */
function spansOf(events: readonly FollowedEvent[]): Span[] {
  const spans = new Map<string, Span>();
  for (const { spaceId, seq } of events) {
    const span = spans.get(spaceId) ?? { spaceId, first: seq, last: seq };
    span.first = Math.min(span.first, seq);
    span.last = Math.max(span.last, seq);
    spans.set(spaceId, span);
  }
  return [...spans.values()];
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
const ENTRIES = new Set([
  entryCreated.type,
  entryUpdated.type,
  entryDeleted.type,
  entryRestored.type,
] as const);

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
