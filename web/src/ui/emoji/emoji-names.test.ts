import { isEmoji } from '@teambrain/contract/visible.ts';
import { describe, expect, it } from 'vitest';
import { loadEmojiNames, typedName } from './emoji-names.ts';

describe('a name typed between colons', () => {
  it.each([
    [':tada:', { name: 'tada', start: 0 }],
    ['Done :+1:', { name: '+1', start: 5 }],
    ['(:heart:', { name: 'heart', start: 1 }],
    ['at 10:30:', null],
    ['http://a:b:', null],
    ['`:tada:', null],
    ['`x` :tada:', { name: 'tada', start: 4 }],
    [':Tada:', null],
    ['::', null],
  ])('%s', (text, found) => {
    expect(typedName(text, text.length)).toEqual(found);
  });

  it('is found at the caret, wherever that is', () => {
    expect(typedName('a :eyes: b', 8)).toEqual({ name: 'eyes', start: 2 });
    expect(typedName('a :eyes: b', 10)).toBeNull();
  });

  it('leads to an emoji, all of which can be reactions', async () => {
    const names = await loadEmojiNames();
    expect([names.get('tada'), names.get('+1'), names.get('heart')]).toEqual(['🎉', '👍', '❤️']);
    expect([...names].filter(([, emoji]) => !isEmoji(emoji))).toEqual([]);
  });
});
