import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { summarise as endpoint, Summary } from '@teambrain/contract/summaries.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { ChatRange, ChatStretch, LoadText, LookUp } from '../../platform/core/knowledge.ts';
import { hashOf } from '../../platform/core/id.ts';
import { instantOf } from '../../platform/core/instant.ts';
import { problem } from '../../platform/core/problem.ts';
import { createSemaphore } from '../../platform/core/semaphore.ts';
import type { Cache } from '../../platform/ports/cache.ts';
import type { Summarise, SummaryInput, SummaryPoint } from './summarise.ts';

export interface SummariesDependencies {
  access: Access;
  lookUp: LookUp;
  chat: ChatStretch;
  loadEntry: LoadText;
  cache: Cache;
  reader: { summarise: Summarise };
}

/** Of a longer stretch of chat the last messages are read, and the answer says how many. */
const MAX_TURNS = 1_000;
/** And of long messages only those that fit: some seventy pages, read in about a second. */
const MAX_CHARACTERS = 400_000;
/** How long a summary is kept; of other sources it is another, and words that were deleted go with it. */
const LIFE_MS = 60_000;
/** One more at a time than one person may have, so that nobody takes all places. */
const TURNS = { width: 3, queue: 50, patienceMs: 3_500 };

export type Summaries = ReturnType<typeof createSummaries>;

/** Key points of one space's chat, of a thread or of an entry; made of that space's content alone. */
export function createSummaries(deps: SummariesDependencies) {
  const { access, lookUp, chat, loadEntry, cache, reader } = deps;
  const gate = createSemaphore(TURNS);

  async function read(space: Space<'read'>, target: BodyOf<typeof endpoint>['target']) {
    if (target.kind === 'entry') {
      const source = await loadEntry(space.id, target.id);
      if (!source) throw problem('not-found');
      const input: SummaryInput = { type: 'entry', title: source.title, source };
      return { input, covers: { sources: 1, of: 1, from: null, to: null } };
    }
    const range = await rangeOf(space, target);
    const last = await chat.stretch(space.id, { ...range, limit: MAX_TURNS });
    const turns = lastOf(last);
    // Of fewer than the limit there are no more.
    const isAll = turns.length === last.length && last.length < MAX_TURNS;
    const of = isAll ? turns.length : await chat.count(space.id, range);
    const type = target.kind === 'thread' ? 'thread' : 'chat';
    const input: SummaryInput = { type, title: '', turns };
    return {
      input,
      covers: {
        sources: turns.length,
        // A message may have come or gone between the two readings.
        of: Math.max(of, turns.length),
        ...timesOf(turns),
      },
    };
  }

  /** @throws not-found for what is no message of the space's own stream */
  async function rangeOf(
    { id: spaceId }: Space<'read'>,
    target: Exclude<BodyOf<typeof endpoint>['target'], { kind: 'entry' }>,
  ): Promise<ChatRange> {
    if (target.kind === 'thread') {
      const place = (await chat.placesOf([{ spaceId, id: target.id }])).get(
        `${spaceId} ${target.id}`,
      );
      if (place?.threadId !== null) throw problem('not-found');
      return { thread: target.id };
    }
    const { from, to } = target;
    return {
      ...(from ? { from: instantOf(from, '/target/from') } : {}),
      ...(to ? { to: instantOf(to, '/target/to') } : {}),
    };
  }

  /** Computed once for sources that are the same: their place, version, author and every word. */
  async function pointsOf(space: Space<'read'>, input: SummaryInput): Promise<SummaryPoint[]> {
    const sources = input.type === 'entry' ? [input.source] : input.turns;
    const words = sources.map(({ ref, version, author, text }) => [ref.id, version, author, text]);
    const key = `summary:${space.id}:${hashOf([input.type, input.title, words])}`;
    const compute = async () => ({ points: await reader.summarise(input) });
    return (await cache.load(key, LIFE_MS, compute)).points;
  }

  return {
    async summarise(space: Space<'read'>, target: BodyOf<typeof endpoint>['target']) {
      return gate(async () => {
        const { input, covers } = await read(space, target);
        return { ...(await present(space, await pointsOf(space, input))), ...covers };
      });
    },
  };

  /** Points whose every citation still says what it is cited for. */
  async function present(
    space: Space<'read'>,
    points: SummaryPoint[],
  ): Promise<Pick<Summary, 'method' | 'points' | 'citations'>> {
    const cited = points.flatMap(({ citations }) => citations);
    const known = await lookUp(
      access.within(space),
      cited.map(({ ref }) => ref),
    );
    const citations: Summary['citations'] = [];
    const kept = points.flatMap(({ kind, text, citations: own }) => {
      const proven = own.flatMap(({ ref, start, end, quote }) => {
        const source = known(ref);
        if (source?.text.slice(start, end) !== quote) return [];
        return [{ source: source.card, version: source.version, start, end, quote }];
      });
      if (proven.length < own.length) return [];
      const first = citations.length;
      citations.push(...proven);
      return [{ kind, text, citations: proven.map((_, index) => first + index) }];
    });
    return { method: 'extractive', points: kept, citations };
  }
}

/** When the first and the last of them were posted; a reply is not where its time would put it. */
function timesOf(turns: readonly { createdAt: Date }[]) {
  const times = turns.map(({ createdAt }) => createdAt.toISOString()).sort();
  return { from: times[0] ?? null, to: times.at(-1) ?? null };
}

/** The last turns that are not too much to read, in order. */
function lastOf<T extends { text: string }>(turns: T[]): T[] {
  let room = MAX_CHARACTERS;
  const first = turns.findLastIndex(({ text }) => (room -= text.length) < 0);
  return turns.slice(first + 1);
}
