import { askedDelay, isTransient } from '@teambrain/client/errors.ts';
import { QueryClient } from '@tanstack/react-query';

const LONGEST_SILENT_MS = 5_000;

export function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep what is read current; this is for what no event tells of.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A short wait that the server asks for is waited out; a longer one is shown.
        retry: (failures, error) =>
          failures < 2 && isTransient(error) && askedDelay(error) <= LONGEST_SILENT_MS,
        retryDelay: (failures, error) =>
          Math.max(askedDelay(error), Math.min(1_000 * 2 ** failures, 30_000)),
      },
      mutations: { networkMode: 'always' },
    },
  });
}
