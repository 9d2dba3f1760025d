import { countUnreadReplies } from '@teambrain/contract/threads.ts';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useCall, useSessionState } from './session.tsx';

const key = ['unread-threads'] as const;

/** How many replies are unread in the threads one follows, at most 100. */
export function useUnreadThreads(): number {
  const call = useCall();
  const { user } = useSessionState();
  const { data } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await call(countUnreadReplies, {}, { signal })).unread,
    // The title of the door asks for it, too.
    enabled: user !== null,
    staleTime: 60_000,
  });
  return data ?? 0;
}

/** Milliseconds in which replies are gathered before they are counted again: they come in bursts. */
const GATHER = 500;
const waiting = new WeakMap<QueryClient, ReturnType<typeof setTimeout>>();

/** A reply came or went, or was read: the count is asked for again, at most twice a second. */
export function recountThreads(client: QueryClient): void {
  if (waiting.has(client)) return;
  const ask = () => {
    waiting.delete(client);
    void client.invalidateQueries({ queryKey: key });
  };
  waiting.set(client, setTimeout(ask, GATHER));
}
