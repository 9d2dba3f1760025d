import * as contract from '@teambrain/contract/groups.ts';
import type { Group, GroupRole } from '@teambrain/contract/groups.ts';
import { findPeople } from '@teambrain/contract/people.ts';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { v7 as uuid } from 'uuid';
import { useCall } from '../../platform/session.tsx';

const GROUPS = ['groups'] as const;

/** All groups by name; so many are there at most that one list is enough. */
export function useGroups() {
  const call = useCall();
  return useQuery({
    queryKey: GROUPS,
    queryFn: async ({ signal }): Promise<readonly Group[]> => {
      const all: Group[] = [];
      for (let after: string | null = ''; after !== null;) {
        const query = { limit: 200, ...(after && { after }) };
        const page: { items: Group[]; next: string | null } = await call(
          contract.listGroups,
          { query },
          { signal },
        );
        all.push(...page.items);
        after = page.next;
      }
      return all;
    },
  });
}

export function useGroup(groupId: string) {
  const call = useCall();
  return useQuery({
    queryKey: [...GROUPS, groupId],
    queryFn: ({ signal }) => call(contract.getGroup, { params: { groupId } }, { signal }),
  });
}

/** People whom one may know, by the beginning of a word of their name. */
export function usePeople(query: string) {
  const call = useCall();
  return useQuery({
    queryKey: ['people', query.toLowerCase()],
    queryFn: ({ signal }) => call(findPeople, { query: { query, limit: 8 } }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** Changes of groups; what is shown of them is read again after each. */
export function useGroupChanges() {
  const call = useCall();
  const client = useQueryClient();
  const done = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    await client.invalidateQueries({ queryKey: GROUPS });
    return result;
  };
  return {
    create: (name: string) => done(call(contract.createGroup, { body: { id: uuid(), name } })),
    rename: (groupId: string, name: string) =>
      done(call(contract.updateGroup, { params: { groupId }, body: { name } })),
    remove: (groupId: string) => done(call(contract.deleteGroup, { params: { groupId } })),
    putMember: (groupId: string, userId: string, role: GroupRole) =>
      done(call(contract.putGroupMember, { params: { groupId, userId }, body: { role } })),
    removeMember: (groupId: string, userId: string) =>
      done(call(contract.removeGroupMember, { params: { groupId, userId } })),
  };
}
