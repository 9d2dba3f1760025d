import type { EntryCard } from '@teambrain/contract/knowledge.ts';
import { describe, expect, it } from 'vitest';
import { withCard } from './knowledge.events.ts';
import { buildTree, pathTo } from './lists/tree.ts';

function card(id: string, more: Partial<EntryCard> = {}): EntryCard {
  const who = { id: 'ada', name: 'Ada' };
  return {
    id,
    spaceId: 's',
    kind: 'document',
    title: id,
    status: 'published',
    version: 1,
    parentId: null,
    author: who,
    createdAt: '2026-01-01T00:00:00Z',
    updatedBy: who,
    updatedAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

describe('a list of cards', () => {
  it('takes a card once and lets the newest version win', () => {
    const list = withCard([card('b')], card('a'));
    expect(list.map((one) => one.id)).toEqual(['a', 'b']);
    expect(withCard(list, card('a'))).toBe(list);
    expect(withCard(list, card('a', { version: 2, title: 'z' })).map((one) => one.title)).toEqual([
      'b',
      'z',
    ]);
  });
});

describe('the tree of documents', () => {
  it('nests by parent and keeps orphans and circles in sight', () => {
    const tree = buildTree([
      card('a'),
      card('b', { parentId: 'a' }),
      card('lost', { parentId: 'gone' }),
      card('x', { parentId: 'y' }),
      card('y', { parentId: 'x' }),
    ]);
    expect(tree.map((node) => node.card.id)).toEqual(['a', 'lost', 'x']);
    expect(tree[0]?.children.map((node) => node.card.id)).toEqual(['b']);
    expect(tree[2]?.children.map((node) => node.card.id)).toEqual(['y']);
  });

  it('names the way to a document, from the root', () => {
    const list = [card('a'), card('b', { parentId: 'a' }), card('c', { parentId: 'b' })];
    expect(pathTo(list, 'c').map((one) => one.id)).toEqual(['a', 'b']);
    const circle = [card('x', { parentId: 'y' }), card('y', { parentId: 'x' })];
    expect(pathTo(circle, 'x').map((one) => one.id)).toEqual(['y']);
  });
});
