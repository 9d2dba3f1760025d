import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_HELD, reduceLog, startLog, type LogInput, type LogState } from './reducer.ts';

interface Fact {
  seq: number;
  /** Tells the histories before and after a restore apart. */
  epoch: number;
}
type Frame = Extract<LogInput<Fact>, { type: 'event' | 'events' }>;

/** A server, a connection that may do anything to its frames, and a client under test. */
class World {
  log: Fact[] = [];
  epoch = 0;
  frames: Frame[] = [];
  fetches: number[] = [];
  sent = 0;
  state: LogState<Fact> = startLog(0);
  /** What the client shows: its snapshot's events and those applied since. */
  shown: Fact[] = [];

  append(): void {
    const event = { seq: this.log.length + 1, epoch: this.epoch };
    this.log.push(event);
    this.frames.push({ type: 'event', event });
  }

  /** Answers the fetch asked first; the reply stays under way until it is delivered. */
  serve(limit: number): void {
    const after = this.fetches.shift();
    if (after === undefined) return;
    const events = this.log.slice(after, after + limit);
    this.frames.push({ type: 'events', events, head: this.log.length });
  }

  give(input: LogInput<Fact>): void {
    const { state, apply, fetch } = reduceLog(this.state, input);
    this.state = state;
    this.shown.push(...apply);
    if (fetch) {
      this.fetches.push(fetch.after);
      this.sent += 1;
      expect(fetch.after).toBe(state.cursor);
    }
    this.check();
  }

  beat(): void {
    this.give({ type: 'beat', head: this.log.length });
  }

  reset(seq: number): void {
    this.shown = this.log.slice(0, seq);
    this.give({ type: 'reset', seq });
  }

  /** A new connection to a server restored to its first `keep` events. */
  restore(keep: number): void {
    this.reconnect();
    this.frames = [];
    this.epoch += 1;
    this.log = this.log.slice(0, keep);
    this.reset(this.log.length);
  }

  reconnect(): void {
    [this.frames, this.fetches] = [[], []];
    this.give({ type: 'resumed' });
    this.frames.push({
      type: 'events',
      events: this.log.slice(this.state.cursor),
      head: this.log.length,
    });
  }

  check(): void {
    const { cursor, head, held, fetching } = this.state;
    const isExact =
      this.shown.length === cursor &&
      this.shown.every((event, index) => event === this.log[index]) &&
      held.length <= MAX_HELD &&
      held.every(({ seq }, index) => seq > (held[index - 1]?.seq ?? cursor + 1)) &&
      (head > cursor || fetching === null);
    if (!isExact) throw new Error(`not exact: ${JSON.stringify(this)}`);
  }

  /** The connection behaves from here on: how many beats or time-outs it takes to have everything. */
  settle(): number {
    this.frames = [];
    for (let round = 1; round < 10; round += 1) {
      this.give(
        this.state.fetching ? { type: 'timeout' } : { type: 'beat', head: this.log.length },
      );
      this.beat();
      while (this.fetches.length > 0) {
        this.serve(3);
        for (const frame of this.frames.splice(0)) this.give(frame);
      }
      if (this.state.cursor === this.log.length) return round;
    }
    throw new Error(`does not converge: ${JSON.stringify(this.state)}`);
  }
}

const pick = fc.nat({ max: 50 });
const step = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ do: 'append' as const, n: 0 }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('deliver' as const), n: pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop' as const), n: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('double' as const), n: pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('serve' as const), n: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), n: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), n: pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('beat' as const, 'timeout' as const, 'reconnect' as const),
      n: pick,
    }),
  },
);

function run(world: World, { do: what, n }: { do: string; n: number }): void {
  const { frames, log } = world;
  const at = frames.length > 0 ? n % frames.length : -1;
  const frame = frames[at];
  if (what === 'append') world.append();
  else if (what === 'beat') world.beat();
  else if (what === 'timeout') world.give({ type: 'timeout' });
  else if (what === 'reconnect') world.reconnect();
  else if (what === 'serve') world.serve((n % 4) + 1);
  else if (what === 'restore') world.restore(n % (log.length + 1));
  else if (what === 'reset') world.reset(n % (log.length + 1));
  else if (frame && what === 'deliver') frames.splice(at, 1).forEach((one) => world.give(one));
  else if (frame && what === 'drop') frames.splice(at, 1);
  else if (frame && what === 'double') frames.push(frame);
}

describe('following a log', () => {
  it('applies every event exactly once and in order, and ends with all of them', () => {
    let held = 0;
    let most = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = new World();
        for (const one of steps) {
          run(world, one);
          held += Number(world.state.held.length > 0);
        }
        most = Math.max(most, world.settle());
      }),
      { numRuns: 20_000 },
    );
    // The runs did meet holes; and once all is served, a beat suffices.
    expect(held).toBeGreaterThan(10_000);
    expect(most).toBe(1);
  }, 30_000);

  it('has one fetch under way and repeats none without progress', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 40 }), { maxLength: 60 }), (seqs) => {
        let state: LogState<Fact> = startLog(0);
        let sent = 0;
        const give = (input: LogInput<Fact>) => {
          const result = reduceLog(state, input);
          state = result.state;
          sent += Number(result.fetch !== null);
        };
        for (const seq of seqs) {
          give({ type: 'event', event: { seq, epoch: 0 } });
          give({ type: 'beat', head: seq });
          give({ type: 'events', events: [], head: seq });
        }
        expect(sent).toBe(seqs.length > 0 ? 1 : 0);
        give({ type: 'timeout' });
        expect(sent).toBe(seqs.length > 0 ? 2 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('holds a bounded number, the nearest ones, and says when it let go', () => {
    let state: LogState<Fact> = startLog(0);
    const facts = Array.from({ length: 1000 }, (_, index) => ({ seq: index + 2, epoch: 0 }));
    const overflows = facts.toReversed().map((event) => {
      const result = reduceLog(state, { type: 'event', event });
      state = result.state;
      return result.hasOverflowed;
    });
    expect(overflows.filter(Boolean)).toHaveLength(1000 - MAX_HELD);
    expect(state).toMatchObject({ cursor: 0, head: 1001, fetching: { after: 0 } });
    const first = reduceLog(state, { type: 'event', event: { seq: 1, epoch: 0 } });
    expect(first.apply.map(({ seq }) => seq)).toEqual(
      Array.from({ length: MAX_HELD + 1 }, (_, index) => index + 1),
    );
  });

  it('goes on page by page', () => {
    const facts = Array.from({ length: 5 }, (_, index) => ({ seq: index + 1, epoch: 0 }));
    const one = reduceLog<Fact>(startLog(0), { type: 'beat', head: 5 });
    expect(one.fetch).toEqual({ after: 0 });
    const two = reduceLog(one.state, { type: 'events', events: facts.slice(0, 2), head: 5 });
    expect([two.apply, two.fetch]).toEqual([facts.slice(0, 2), { after: 2 }]);
    const three = reduceLog(two.state, { type: 'events', events: facts.slice(2), head: 5 });
    expect([three.apply, three.fetch]).toEqual([facts.slice(2), null]);
    expect(three.state).toEqual(startLog(5));
  });

  it('never changes the state it is given', () => {
    const state = startLog<Fact>(0);
    const holding = reduceLog(state, { type: 'event', event: { seq: 3, epoch: 0 } }).state;
    const copy = structuredClone(holding);
    reduceLog(holding, { type: 'event', event: { seq: 2, epoch: 0 } });
    reduceLog(holding, { type: 'event', event: { seq: 1, epoch: 0 } });
    expect(holding).toEqual(copy);
    expect(state).toEqual(startLog(0));
  });
});
