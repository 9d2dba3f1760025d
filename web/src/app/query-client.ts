import { isTransient } from '@teambrain/client/errors.ts';
import { QueryClient } from '@tanstack/react-query';

export function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep what is read current; this is for what no event tells of.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isTransient(error),
      },
      mutations: { networkMode: 'always' },
    },
  });
}
