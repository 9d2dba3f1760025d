import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { testLimits } from './limits.suite.ts';
import { createCounter, createMemoryLimits } from './limits.memory.ts';

testLimits(() => Promise.resolve(createMemoryLimits()));

describe('a counter in memory', () => {
  test('holds so many keys at most; those whose window began first are forgotten', () => {
    const counter = createCounter(60_000, 3);
    for (const key of ['a', 'a', 'b', 'c', 'd']) void counter.add(key);
    expect(['d', 'c', 'b', 'a'].map((key) => counter.add(key))).toMatchObject(
      [2, 2, 2, 1].map((used) => ({ used })),
    );
  });

  test('keeps a window that was prolonged after younger ones', () => {
    const counter = createCounter(60_000, 2);
    for (const key of ['a', 'b']) void counter.add(key);
    expect(counter.prolong('a', 3_600)).toMatchObject({ used: 1, msLeft: 3_600_000 });
    void counter.add('c');
    expect(counter.add('a')).toMatchObject({ used: 2 });
    expect(counter.add('b')).toMatchObject({ used: 1 });
  });

  test('gives a window its length and not a fraction more', () => {
    let now = 900_000; // some minutes after the start sums are no longer exact
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.123_457));
    onTestFinished(() => clock.mockRestore());
    const counter = createCounter(1_800_000);
    const left = Array.from({ length: 1_000 }, (_, n) => counter.add(`key ${n}`));
    expect(left).toMatchObject(left.map(() => ({ msLeft: 1_800_000 })));
  });

  test('begins a new window when one is over', async () => {
    const counter = createCounter(20);
    expect([counter.add('a'), counter.add('a')]).toMatchObject([{ used: 1 }, { used: 2 }]);
    await new Promise((resolve) => setTimeout(resolve, 25));
    expect(counter.add('a')).toMatchObject({ used: 1 });
  });
});
