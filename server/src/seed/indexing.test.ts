import { describe, expect, it } from 'vitest';
import { untilIndexed, type IndexState } from './indexing.ts';
import { createProgress } from './progress.ts';
import { StoppedError } from './write-run.ts';

/** Looks that give these states one after the other, the last for ever. */
function looks(...states: [events: number, passages: number][]): () => Promise<IndexState> {
  return () => {
    const [events, passages] = (states.length > 1 ? states.shift() : states[0]) ?? [0, 0];
    return Promise.resolve({ events, passages });
  };
}

function wait(
  look: () => Promise<IndexState>,
  patienceMs: number,
  signal = new AbortController().signal,
) {
  let text = '';
  const progress = createProgress({ write: (part: string) => (text += part) }, () => 0);
  const left = untilIndexed(look, progress, signal, { lookMs: 1, patienceMs });
  return { left, text: () => text };
}

describe('untilIndexed', () => {
  it('says how many passages were made when the index has everything', async () => {
    const { left, text } = wait(looks([10, 5], [10, 9], [4, 12], [0, 15]), 60_000);
    expect(await left).toBe(0);
    expect(text()).toBe(
      'Search index: 0 passages made, 0 of 10 events done\nSearch index: 10 passages made\n',
    );
  });

  it('leaves the rest to the server when nothing moves, and fails nothing', async () => {
    const { left } = wait(looks([10, 5], [7, 6]), 5);
    expect(await left).toBe(7);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const { left } = wait(looks([10, 5]), 60_000, stop.signal);
    stop.abort();
    await expect(left).rejects.toThrow(StoppedError);
  });
});
