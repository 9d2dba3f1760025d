import * as spaces from '@teambrain/contract/spaces.ts';
import type { Membership, Space } from '@teambrain/contract/spaces.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Role } from '@teambrain/contract/role.ts';
import type { Call } from '@teambrain/client/call.ts';
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';
import { putSpace, spaceKeys } from './spaces.events.ts';

const MOST = 10;
/** How soon those who manage a protected space are told that its password is being guessed. */
const TOLD_WITHIN = 60_000;

/** All of a list, page by page (at most 2,000 items). */
async function everyPage<T>(
  page: (after?: string) => Promise<{ items: T[]; next: string | null }>,
) {
  const all: T[] = [];
  let next: string | null | undefined;
  for (let turn = 0; turn < MOST && next !== null; turn += 1) {
    const answer = await page(next);
    all.push(...answer.items);
    next = answer.next;
  }
  return all;
}

export function joinedSpacesQuery(call: Call) {
  return queryOptions({
    queryKey: spaceKeys.joined,
    queryFn: ({ signal }): Promise<Space[]> =>
      everyPage((after) =>
        call(
          spaces.listSpaces,
          { query: { joined: 'true', limit: 200, ...(after && { after }) } },
          { signal },
        ),
      ),
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data?.some(canBeTold) ? TOLD_WITHIN : false),
  });
}

/** Whether guesses at the password are this reader's business. It is no event: others read those. */
const canBeTold = ({ visibility, role }: Space) =>
  visibility === 'protected' && (role === 'owner' || role === 'moderator');

export function useJoinedSpaces() {
  return useQuery(joinedSpacesQuery(useCall()));
}

export function useBrowseSpaces(name: string) {
  const call = useCall();
  return useInfiniteQuery({
    queryKey: spaceKeys.browse(name),
    queryFn: ({ signal, pageParam }) =>
      call(
        spaces.listSpaces,
        {
          query: {
            limit: 50,
            ...(name && { query: name }),
            ...(pageParam && { after: pageParam }),
          },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useSpace(spaceId: string) {
  const call = useCall();
  return useQuery({
    queryKey: spaceKeys.card(spaceId),
    queryFn: ({ signal }): Promise<Space> =>
      call(spaces.getSpace, { params: { spaceId } }, { signal }),
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data && canBeTold(state.data) ? TOLD_WITHIN : false),
  });
}

export function useMembers(spaceId: string) {
  const call = useCall();
  return useQuery({
    queryKey: spaceKeys.members(spaceId),
    queryFn: ({ signal }): Promise<Membership[]> =>
      everyPage((after) =>
        call(
          spaces.listMembers,
          { params: { spaceId }, query: { limit: 200, ...(after && { after }) } },
          { signal },
        ),
      ),
  });
}

export function useCreateSpace() {
  const call = useCall();
  const client = useQueryClient();
  return async (body: BodyOf<typeof spaces.createSpace>): Promise<Space> => {
    const space = await call(spaces.createSpace, { body });
    putSpace(client, space);
    return space;
  };
}

/** Joins, then reads the space anew: only now it may be seen as a member sees it. */
export function useJoinSpace() {
  const call = useCall();
  const client = useQueryClient();
  return async (spaceId: string, password?: string): Promise<Space> => {
    const body = password === undefined ? {} : { password };
    await call(spaces.joinSpace, { params: { spaceId }, body });
    const space = await call(spaces.getSpace, { params: { spaceId } });
    putSpace(client, space);
    // What was refused before is asked for again.
    await client.invalidateQueries({ queryKey: spaceKeys.all(spaceId) });
    return space;
  };
}

export function useLeaveSpace() {
  const call = useCall();
  return (spaceId: string) => call(spaces.leaveSpace, { params: { spaceId } });
}

export function useUpdateSpace(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  return async (body: BodyOf<typeof spaces.updateSpace>) => {
    putSpace(client, await call(spaces.updateSpace, { params: { spaceId }, body }));
  };
}

/** Takes the notice of guessing down, then shows the space as it is now. */
export function useNoteGuessing(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  return async () => {
    await call(spaces.noteGuessing, { params: { spaceId } });
    putSpace(client, await call(spaces.getSpace, { params: { spaceId } }));
  };
}

export function useDeleteSpace() {
  const call = useCall();
  return (spaceId: string) => call(spaces.deleteSpace, { params: { spaceId } });
}

export function useChangeRole(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: Role }) =>
      call(spaces.updateMember, { params: { spaceId, userId }, body: { role } }),
    onSettled: () => client.invalidateQueries({ queryKey: spaceKeys.members(spaceId) }),
  });
}

export function useRemoveMember(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) => call(spaces.removeMember, { params: { spaceId, userId } }),
    onSettled: () => client.invalidateQueries({ queryKey: spaceKeys.members(spaceId) }),
  });
}
