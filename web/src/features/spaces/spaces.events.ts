import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import type { QueryClient } from '@tanstack/react-query';
import { dropDraftsOf } from '../../platform/drafts/drafts.ts';
import { dropRecents } from '../../platform/recents.ts';

export const spaceKeys = {
  joined: ['spaces', 'joined'],
  lists: ['spaces'],
  browse: (name: string) => ['spaces', 'browse', name],
  /** Everything that is known of a space. */
  all: (spaceId: string) => ['space', spaceId],
  card: (spaceId: string) => ['space', spaceId, 'card'],
  members: (spaceId: string) => ['space', spaceId, 'members'],
} as const;

/** Takes over a space as the server gave it: its card, and its place in the list of joined ones. */
export function putSpace(client: QueryClient, space: Space): void {
  client.setQueryData(spaceKeys.card(space.id), space);
  client.setQueryData<Space[]>(spaceKeys.joined, (list) => list && withSpace(list, space));
  void client.invalidateQueries({ queryKey: ['spaces', 'browse'] });
}

/** The list with that space in its place by name, or without it when it is not joined. */
export function withSpace(list: readonly Space[], space: Space): Space[] {
  const others = list.filter((one) => one.id !== space.id);
  if (space.role === null) return others;
  return [...others, space].sort((a, b) => a.name.localeCompare(b.name));
}

/** Applies an event of a space's log; events of other features change nothing here. */
export function applySpaceEvent(client: QueryClient, event: SpaceEvent, myId: string): void {
  switch (event.type) {
    case 'space.updated':
      // A name that was changed later is empty in the log; the event with the present one follows.
      return event.data.name === '' ? undefined : patch(client, event.space, event.data);
    case 'member.joined':
    case 'member.left':
    case 'member.removed':
    case 'member.role-changed':
      void client.invalidateQueries({ queryKey: spaceKeys.members(event.space) });
      void client.invalidateQueries({ queryKey: spaceKeys.card(event.space) });
      if (event.data.user.id === myId) {
        void client.invalidateQueries({ queryKey: spaceKeys.joined });
      }
  }
}

/** Something happened in these joined spaces; one that is in no list yet was joined elsewhere. */
export function noteHeads(client: QueryClient, spaceIds: readonly string[]): void {
  const list = client.getQueryData<Space[]>(spaceKeys.joined);
  if (!list) return;
  const known = new Set(list.map(({ id }) => id));
  if (spaceIds.some((id) => !known.has(id))) {
    void client.invalidateQueries({ queryKey: spaceKeys.joined });
  }
}

function patch(client: QueryClient, spaceId: string, change: Partial<Space>): void {
  client.setQueryData<Space>(spaceKeys.card(spaceId), (space) => space && { ...space, ...change });
  client.setQueryData<Space[]>(spaceKeys.joined, (list) => {
    const space = list?.find((one) => one.id === spaceId);
    return list && space ? withSpace(list, { ...space, ...change }) : list;
  });
}

/**
 * Access has ended: everything read of the space is forgotten at once. Its card becomes what a
 * stranger sees, so that a page showing it turns into the door; the server then says what is so.
 */
export function forgetSpace(client: QueryClient, spaceId: string): void {
  dropRecents((page) => page.spaceId === spaceId);
  dropDraftsOf((one) => one === spaceId);
  const card = client.getQueryData<Space>(spaceKeys.card(spaceId));
  client.setQueryData<Space[]>(spaceKeys.joined, (list) =>
    list?.filter((space) => space.id !== spaceId),
  );
  if (card) {
    client.setQueryData<Space>(spaceKeys.card(spaceId), {
      ...card,
      role: null,
      guessedAt: null,
      ...(card.visibility === 'protected' && {
        description: null,
        emoji: null,
        colour: null,
        memberCount: null,
        lastSeq: null,
        createdAt: null,
      }),
    });
  }
  client.removeQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] === 'search' ||
      queryKey[0] === 'answer' ||
      queryKey[0] === 'catch-up' ||
      (queryKey[0] === 'space' && queryKey[1] === spaceId && queryKey[2] !== 'card'),
  });
  void client.invalidateQueries({ queryKey: spaceKeys.card(spaceId) });
  void client.invalidateQueries({ queryKey: spaceKeys.lists });
}

/** A space that is followed no more may change unseen: what is known of it is read anew next time. */
export function leaveUnfollowed(client: QueryClient, spaceId: string): void {
  void client.invalidateQueries({ queryKey: spaceKeys.all(spaceId), refetchType: 'none' });
}
