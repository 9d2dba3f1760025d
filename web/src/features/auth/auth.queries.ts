import * as auth from '@teambrain/contract/auth.ts';
import { getInstance, type Instance } from '@teambrain/contract/instance.ts';
import type { Call } from '@teambrain/client/call.ts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCall, useSession } from '../../platform/session.tsx';

export const authKeys = { instance: ['instance'], sessions: ['me', 'sessions'] } as const;

export function instanceQuery(call: Call) {
  return queryOptions({
    queryKey: authKeys.instance,
    queryFn: ({ signal }): Promise<Instance> => call(getInstance, {}, { signal }),
    staleTime: 10_000,
  });
}

export function useInstance() {
  return useQuery(instanceQuery(useCall()));
}

export function useSessions() {
  const call = useCall();
  return useQuery({
    queryKey: authKeys.sessions,
    queryFn: ({ signal }) => call(auth.listSessions, {}, { signal }),
  });
}

export function useEndSession() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string) => call(auth.endSession, { params: { sessionId } }),
    onSettled: () => client.invalidateQueries({ queryKey: authKeys.sessions }),
  });
}

export function useRename() {
  const session = useSession();
  return async (name: string) => {
    session.updateUser(await session.call(auth.updateMe, { body: { name } }));
  };
}

export function useChangePassword() {
  const call = useCall();
  const client = useQueryClient();
  return async (body: { current: string; password: string }) => {
    const { endedSessions } = await call(auth.changePassword, { body });
    await client.invalidateQueries({ queryKey: authKeys.sessions });
    return endedSessions;
  };
}
