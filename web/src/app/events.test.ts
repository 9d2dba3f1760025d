// @vitest-environment jsdom
import type { Message } from '@teambrain/contract/chat.ts';
import type { EntryCard } from '@teambrain/contract/knowledge.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MessageWindow } from '../features/chat/chat.window.ts';
import { cacheEntry } from '../features/knowledge/knowledge.events.ts';
import { forgetSpace } from '../features/spaces/spaces.events.ts';
import { applyEvent } from './events.ts';

const ada = { id: 'ada', name: 'Ada' };
const at = '2026-01-05T12:00:00.000Z';
const space: Space = {
  id: 's',
  name: 'general',
  visibility: 'protected',
  role: 'member',
  description: 'about',
  memberCount: 2,
  lastSeq: 1,
  createdAt: at,
  emoji: null,
  colour: null,
  guessedAt: null,
};
const message: Message = {
  id: 'm',
  spaceId: 's',
  seq: 2,
  version: 1,
  author: ada,
  text: 'hello',
  createdAt: at,
  editedAt: null,
  deletedAt: null,
  threadId: null,
  inSpace: false,
  files: [],
  quote: null,
};
const card: EntryCard = {
  id: 'e',
  spaceId: 's',
  kind: 'document',
  title: 'Rules',
  status: 'published',
  version: 1,
  parentId: null,
  author: ada,
  createdAt: at,
  updatedBy: ada,
  updatedAt: at,
};

function event<T extends SpaceEvent['type']>(
  seq: number,
  type: T,
  data: Extract<SpaceEvent, { type: T }>['data'],
): SpaceEvent {
  return { space: 's', seq, id: `ev${seq}`, actor: ada, at, type, data } as SpaceEvent;
}

let client: QueryClient;
const apply = (...events: SpaceEvent[]) => events.forEach((one) => applyEvent(client, one, 'me'));
const messages = () =>
  client.getQueryData<MessageWindow>(['space', 's', 'messages', 'latest'])?.items ?? [];
const documents = () => client.getQueryData<EntryCard[]>(['space', 's', 'entries', 'document']);

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(['space', 's', 'card'], space);
  client.setQueryData(['spaces', 'joined'], [space]);
  client.setQueryData(['space', 's', 'messages', 'latest'], {
    items: [],
    previous: null,
    next: null,
    states: new Map(),
    reactions: new Map(),
    pins: new Map(),
    quotes: new Map(),
    head: 1,
    thread: null,
  } satisfies MessageWindow);
  client.setQueryData(['space', 's', 'entries', 'document'], []);
});

describe('events', () => {
  it('may come twice and out of turn', () => {
    const posted = event(2, 'message.posted', { message });
    const edited = event(3, 'message.edited', { message: { ...message, version: 2, text: 'hi' } });
    const deleted = event(4, 'message.deleted', { id: 'm', version: 3, deletedAt: at });
    apply(posted, edited, posted);
    expect(messages().map((one) => one.text)).toEqual(['hi']);
    apply(deleted, edited, posted, deleted);
    expect(messages().map((one) => one.text)).toEqual(['']);
  });

  it('keep lists of entries', () => {
    apply(event(2, 'entry.created', { entry: card }), event(2, 'entry.created', { entry: card }));
    apply(event(3, 'entry.updated', { entry: { ...card, version: 2, title: 'New rules' } }));
    expect(documents()?.map((one) => one.title)).toEqual(['New rules']);
    apply(event(4, 'entry.deleted', { id: 'e', version: 2 }));
    expect(documents()).toEqual([]);
    apply(event(5, 'entry.restored', { entry: { ...card, version: 2, title: 'New rules' } }));
    expect(documents()?.map((one) => one.title)).toEqual(['New rules']);
  });

  it('move an entry, whose version stays, and an older answer does not move it back', () => {
    apply(event(2, 'entry.created', { entry: card }));
    const entry = { ...card, markdown: 'Be kind', decision: null };
    cacheEntry(client, entry);
    client.setQueryData(['space', 's', 'entry', 'e'], entry);
    const places = () => [
      documents()?.[0]?.parentId,
      client.getQueryData<EntryCard>(['space', 's', 'entry', 'e'])?.parentId,
    ];
    apply(event(3, 'entry.moved', { id: 'e', parentId: 'one' }));
    apply(event(4, 'entry.moved', { id: 'e', parentId: 'two' }));
    cacheEntry(client, { ...entry, parentId: 'one' });
    expect(places()).toEqual(['two', 'two']);
    cacheEntry(client, { ...entry, version: 2, title: 'Newer', parentId: 'four' });
    apply(event(5, 'entry.moved', { id: 'e', parentId: 'three' }));
    apply(event(6, 'entry.updated', { entry: { ...card, version: 2, parentId: 'four' } }));
    expect(places()).toEqual(['four', 'four']);
  });

  it('rename a space everywhere', () => {
    apply(event(2, 'space.updated', { name: 'all', description: '' }));
    expect(client.getQueryData<Space[]>(['spaces', 'joined'])?.[0]?.name).toBe('all');
    expect(client.getQueryData<Space>(['space', 's', 'card'])?.name).toBe('all');
  });
});

describe('the end of access', () => {
  it('leaves nothing but the name', () => {
    apply(event(2, 'message.posted', { message }));
    client.setQueryData(['search', 'hello'], { items: [message] });
    client.setQueryData(['answer', 'hello?'], {});
    client.setQueryData(['space', 'other', 'messages', 'latest'], {});
    forgetSpace(client, 's');
    const left = client.getQueryCache().getAll();
    expect(left.map(({ queryKey }) => queryKey.join(' ')).sort()).toEqual([
      'space other messages latest',
      'space s card',
      'spaces joined',
    ]);
    expect(JSON.stringify(left.map(({ state }) => state.data))).not.toMatch(/hello|about/);
    expect(client.getQueryData<Space>(['space', 's', 'card'])?.role).toBeNull();
  });
});
