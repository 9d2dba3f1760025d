import { findEntries } from '@teambrain/contract/knowledge.ts';
import { listGroups } from '@teambrain/contract/groups.ts';
import { addressOf, linkText } from '@teambrain/contract/links.ts';
import { findPeople } from '@teambrain/contract/people.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import type { Call } from '@teambrain/client/call.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useCall, useUser } from '../../../../platform/session.tsx';
import type { Trigger } from './trigger.ts';

/** So many are suggested. */
const MOST = 8;
/** And so many groups beside people. */
const GROUPS_MOST = 4;
/** Milliseconds after the last key until the server is asked. */
const ASK_AFTER = 100;

const NONE: Suggestion[] = [];

/** Something that can be linked to. */
export interface Suggestion {
  id: string;
  kind: 'person' | 'group' | 'everyone' | 'space' | 'entry';
  name: string;
  /** What tells it from others of the name. */
  hint: string;
  /** What is written. */
  link: string;
}

/**
 * What can be linked to by what is typed. While the server is asked, what it said of the letters
 * before is shown (`asking`).
 */
export function useSuggestions(spaceId: string, { sign, query }: Trigger) {
  const call = useCall();
  const me = useUser();
  const asked = useSettled(query);
  const { data, isPlaceholderData, isError, fetchStatus } = useQuery({
    queryKey: ['suggestions', spaceId, sign, asked.toLowerCase()],
    queryFn: () => ask(call, { sign, query: asked, spaceId, myId: me.id }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 30_000,
    retry: false,
  });
  const isAsking = asked !== query || isPlaceholderData || (data === undefined && !isError);
  const state: 'known' | 'asking' | 'failed' =
    isError || fetchStatus === 'paused' ? 'failed' : isAsking ? 'asking' : 'known';
  return { items: data ?? NONE, state };
}

interface Asked extends Pick<Trigger, 'sign' | 'query'> {
  spaceId: string;
  myId: string;
}

async function ask(call: Call, { sign, query, spaceId, myId }: Asked): Promise<Suggestion[]> {
  switch (sign) {
    case '@': {
      const input = { query, space: spaceId, limit: MOST + 1 };
      const groupsToo = call(listGroups, { query: { query, limit: GROUPS_MOST } });
      const [{ items }, groups] = await Promise.all([
        call(findPeople, { query: input }),
        groupsToo,
      ]);
      const people = items.filter(({ id }) => id !== myId).slice(0, MOST);
      const all = isEveryone(query) ? [everyoneOf(spaceId)] : [];
      return [
        ...people.map(({ id, name }) => ({
          id,
          kind: 'person' as const,
          name,
          hint: '',
          link: linkText(`@${name}`, addressOf('person', id)),
        })),
        ...groups.items.map(({ id, name, memberCount }) => ({
          id,
          kind: 'group' as const,
          name,
          hint: `Group of ${memberCount}`,
          link: linkText(`@${name}`, addressOf('group', id)),
        })),
        ...all,
      ];
    }
    case '#': {
      const { items } = await call(listSpaces, { query: { query, limit: MOST } });
      return items.map(({ id, name, description }) => ({
        id,
        kind: 'space' as const,
        name,
        hint: description ?? '',
        link: linkText(`#${name}`, addressOf('space', id)),
      }));
    }
    case '[[': {
      const { items } = await call(findEntries, { query: { query, space: spaceId, limit: MOST } });
      return items.map(({ id, title, spaceId: home, spaceName }) => ({
        id,
        kind: 'entry' as const,
        name: title,
        hint: home === spaceId ? '' : spaceName,
        link: linkText(title, addressOf('entry', id, home)),
      }));
    }
  }
}

/** By these words people look for it. */
const EVERYONE = ['space', 'everyone', 'all', 'channel', 'here'];
const isEveryone = (query: string) => EVERYONE.some((word) => word.startsWith(query.toLowerCase()));

const everyoneOf = (spaceId: string): Suggestion => ({
  id: spaceId,
  kind: 'everyone',
  name: 'space',
  hint: 'Mentions all members of this space',
  link: linkText('@space', addressOf('everyone', spaceId)),
});

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ASK_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
