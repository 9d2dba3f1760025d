// @vitest-environment jsdom
import { fingerprint } from './fingerprint.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** Another tab of the same browser: the modules again, with a memory of their own. */
async function openOne(userId = 'ada') {
  vi.resetModules();
  const drafts = await import('./drafts.ts');
  const slots = await import('./slots.ts');
  sessionStorage.clear();
  drafts.openDrafts(userId);
  return { ...drafts, limits: slots.limits, close: () => drafts.closeDrafts() };
}

const stored = () =>
  Object.keys(localStorage).filter((name) => name.startsWith('teambrain-draft-'));

beforeEach(() => localStorage.clear());
afterEach(() => vi.useRealTimers());

describe('unsent words', () => {
  it('stay each in its tab, and pass to another one when theirs is closed', async () => {
    const one = await openOne();
    const two = await openOne();
    one.keepDraft('chat s', 'from one');
    expect(two.readDraft('chat s')).toBeUndefined();
    two.keepDraft('chat s', 'from two');
    expect(one.readDraft('chat s')).toBe('from one');
    expect(two.readDraft('chat s')).toBe('from two');
    one.close();
    two.keepDraft('chat s', undefined);
    expect(two.readDraft('chat s')).toBe('from one');
    expect(stored()).toHaveLength(1);
  });

  it('are of their person alone: gone when another signs in, and at the own log-out', async () => {
    const ada = await openOne('ada');
    ada.keepDraft('chat s', 'Ada’s');
    ada.close();
    const again = await openOne('ada');
    expect(again.readDraft('chat s')).toBe('Ada’s');
    again.dropDrafts('ada');
    expect(again.readDraft('chat s')).toBeUndefined();
    again.keepDraft('chat s', 'Ada’s again');
    again.close();
    const ben = await openOne('ben');
    expect(ben.readDraft('chat s')).toBeUndefined();
    expect(stored()).toEqual([]);
  });

  it('of a space that may not be read any more are dropped, whichever tab wrote them', async () => {
    const one = await openOne();
    one.keepDraft('chat s', 'a');
    one.keepDraft('entry s e', 'b');
    one.keepDraft('chat t', 'c');
    one.keepDraft('ask', 'd');
    const two = await openOne();
    two.dropDraftsOf((spaceId) => spaceId === 's');
    expect(stored().map((name) => name.split('/')[2])).toEqual(['chat t', 'ask']);
  });

  it('are bounded in age, number and bytes: the oldest go first', async () => {
    vi.useFakeTimers();
    const one = await openOne();
    one.limits.count = 3;
    for (const key of ['a', 'b', 'c', 'd']) {
      vi.advanceTimersByTime(1_000);
      one.keepDraft(key, key);
    }
    expect(stored().map((name) => name.split('/')[2])).toEqual(['b', 'c', 'd']);
    one.limits.bytes = 950;
    one.keepDraft('e', 'x'.repeat(350));
    expect(stored().map((name) => name.split('/')[2])).toEqual(['d', 'e']);
    vi.advanceTimersByTime(one.limits.age + 2_000);
    one.close();
    await openOne();
    expect(stored()).toEqual([]);
  });

  it('that a closed tab had brought to the server are dropped, and others kept', async () => {
    const one = await openOne();
    one.keepDraft('chat s', 'on the server');
    one.keepDraft('base-chat s', { version: 1, text: fingerprint('on the server'), files: [] });
    one.keepDraft('chat t', 'typed since');
    one.keepDraft('base-chat t', { version: 1, text: fingerprint('typed'), files: [] });
    const two = await openOne();
    two.dropServed('chat s');
    expect(stored()).toHaveLength(4);
    one.close();
    for (const key of ['chat s', 'chat t']) two.dropServed(key);
    expect(stored().map((name) => name.split('/')[2])).toEqual(['chat t', 'base-chat t']);
    expect(two.readDraft('chat t')).toBe('typed since');
  });

  it('that the browser cannot keep are in the tab all the same', async () => {
    const one = await openOne();
    one.limits.oneBytes = 100;
    one.keepDraft('chat s', 'y'.repeat(200));
    expect(stored()).toEqual([]);
    expect(one.readDraft('chat s')).toBe('y'.repeat(200));
  });
});
