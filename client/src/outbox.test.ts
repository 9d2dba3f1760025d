import { problems, type ProblemCode } from '@teambrain/contract/problem.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionError, ProblemError, ResponseError } from './errors.ts';
import { newId } from './id.ts';
import { createOutbox, type Outbox, type OutboxItem } from './outbox.ts';

interface Post {
  id: string;
  spaceId: string;
  text: string;
}

const post = (id: string, spaceId = 'a'): Post => ({ id, spaceId, text: `text of ${id}` });
const problem = (code: ProblemCode, retryAfter?: number) => {
  const [status, title] = problems[code];
  const waits = retryAfter === undefined ? {} : { retryAfter };
  return new ProblemError({ type: code, code, status, title, ...waits });
};

/** A server whose answers the test gives one by one. */
const asked: { id: string; answer(): void; refuse(error: unknown): void }[] = [];
let changes: (readonly OutboxItem<Post>[])[];
let outbox: Outbox<Post>;

const settle = () => vi.advanceTimersByTimeAsync(0);
const states = () => outbox.items.map(({ write, state }) => `${write.id} ${state}`);
const ids = () => asked.map(({ id }) => id);
async function answer(index = asked.length - 1) {
  asked[index]?.answer();
  await settle();
}
async function refuse(error: unknown, index = asked.length - 1) {
  asked[index]?.refuse(error);
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  asked.length = 0;
  changes = [];
  outbox = createOutbox<Post>({
    send: ({ id }) =>
      new Promise((resolve, reject) => {
        asked.push({ id, answer: () => resolve(undefined), refuse: reject });
      }),
    onChange: (items) => changes.push(items),
    maxItems: 5,
  });
});
afterEach(() => {
  outbox.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('order', () => {
  it('is kept within a space, one at a time; spaces do not wait for each other', async () => {
    outbox.add(post('1'));
    outbox.add(post('2'));
    outbox.add(post('3', 'b'));
    expect(states()).toEqual(['1 sending', '2 waiting', '3 sending']);
    await answer(0);
    expect(ids()).toEqual(['1', '3', '2']);
    await answer(2);
    await answer(1);
    expect(outbox.items).toEqual([]);
    expect(changes.at(-1)).toEqual([]);
  });

  it('is kept while the first is tried again', async () => {
    outbox.add(post('1'));
    outbox.add(post('2'));
    await refuse(new ConnectionError('away'));
    expect(states()).toEqual(['1 waiting', '2 waiting']);
    await vi.advanceTimersByTimeAsync(500);
    expect(ids()).toEqual(['1', '1']);
    await answer();
    expect(ids()).toEqual(['1', '1', '2']);
  });
});

describe('retries', () => {
  it.each([
    ['no connection', new ConnectionError('away')],
    ['internal', problem('internal')],
    ['busy', problem('busy')],
    ['a gateway', new ResponseError('bad gateway', 502)],
    ['a log-in page of the Wi-Fi', new ResponseError('a page', 200)],
  ])('follow %s with full jitter, to 30 s at most', async (_, error) => {
    outbox.add(post('1'));
    for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      const before = asked.length;
      await refuse(error);
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(asked).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toHaveLength(before + 1);
    }
    await answer();
    expect(outbox.items).toEqual([]);
  });

  it('wait as long as the server asks, even when woken', async () => {
    outbox.add(post('1'));
    await refuse(problem('too-many-requests', 7));
    expect(outbox.items[0]?.problem?.code).toBe('too-many-requests');
    expect(outbox.items[0]?.retryAt).toBe(Date.now() + 7_500);
    outbox.wake();
    await vi.advanceTimersByTimeAsync(7_499);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
  });

  it('go at once when woken, and once', async () => {
    outbox.add(post('1'));
    await refuse(new ConnectionError('away'));
    outbox.wake();
    outbox.wake();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });
});

describe('refusals', () => {
  it('fail with their problem and let the next go on', async () => {
    outbox.add(post('1'));
    outbox.add(post('2'));
    await refuse(problem('forbidden'));
    expect(states()).toEqual(['1 failed', '2 sending']);
    expect(outbox.items[0]?.problem?.code).toBe('forbidden');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ids()).toEqual(['1', '2']);
  });

  it('can be tried again, in turn, or let go', async () => {
    outbox.add(post('1'));
    await refuse(problem('not-signed-in'));
    outbox.add(post('2'));
    outbox.retry('1');
    outbox.retry('2');
    expect(states()).toEqual(['1 waiting', '2 sending']);
    await answer();
    expect(states()).toEqual(['1 sending']);
    await refuse(problem('forbidden'));
    outbox.discard('1');
    outbox.discard('1');
    outbox.retry('1');
    expect(outbox.items).toEqual([]);
  });

  it('of an unknown kind fail too', async () => {
    outbox.add(post('1'));
    await refuse(new TypeError('a bug'));
    expect(outbox.items).toMatchObject([{ state: 'failed', problem: null }]);
  });
});

describe('done', () => {
  it('is what its event or its answer says, whichever comes first', async () => {
    outbox.add(post('1'));
    outbox.add(post('2'));
    outbox.confirm('1');
    expect(states()).toEqual(['2 sending']);
    await answer(0);
    expect(states()).toEqual(['2 sending']);
    await answer(1);
    const { length } = changes;
    outbox.confirm('2');
    expect([outbox.items, changes.length]).toEqual([[], length]);
  });

  it('stays done when the answer was lost', async () => {
    outbox.add(post('1'));
    outbox.add(post('2'));
    outbox.confirm('1');
    await refuse(new ConnectionError('cut'), 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ids()).toEqual(['1', '2']);
    expect(states()).toEqual(['2 sending']);
  });

  it('ends the wait for the next try', async () => {
    outbox.add(post('1'));
    await refuse(new ConnectionError('cut'));
    outbox.confirm('1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ids()).toEqual(['1']);
  });

  it('is not said of a write by the answer to an earlier one of its id', async () => {
    outbox.add(post('1'));
    outbox.discard('1');
    outbox.add(post('1'));
    await refuse(problem('forbidden'), 0);
    expect(states()).toEqual(['1 sending']);
  });
});

describe('bounds', () => {
  it('holds so many, each id once', () => {
    for (const id of ['1', '2', '3', '4', '5']) outbox.add(post(id));
    expect(() => outbox.add(post('6'))).toThrow(RangeError);
    outbox.add(post('5'));
    expect(outbox.items).toHaveLength(5);
  });

  it('forgets everything when closed', async () => {
    outbox.add(post('1'));
    outbox.add(post('2', 'b'));
    await refuse(new ConnectionError('cut'), 0);
    outbox.close();
    await answer(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([outbox.items, ids()]).toEqual([[], ['1', '2']]);
  });
});

it('makes ids that sort by their time', async () => {
  const first = newId();
  await vi.advanceTimersByTimeAsync(2);
  const second = newId();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});
