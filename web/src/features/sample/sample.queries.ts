import { isTransient } from '@teambrain/client/errors.ts';
import {
  getSample,
  loadSample,
  removeSample,
  type SampleTeam,
} from '@teambrain/contract/sample.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCall, useUser } from '../../platform/session.tsx';

const key = ['sample'];
/** Requests in a row that may fail for a passing reason before the load is given up. */
const PATIENCE = 5;
const PAUSE_MS = 500;

/** Whether the sample team is loaded; only administrators may know. */
export function useSample() {
  const call = useCall();
  const { isAdministrator } = useUser();
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }): Promise<SampleTeam> => call(getSample, {}, { signal }),
    enabled: isAdministrator,
    staleTime: Infinity,
  });
}

/** Loads the sample team portion by portion; how far it is can be read from `useSample`. */
export function useLoadSample() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      for (let failures = 0; ;) {
        try {
          const sample = await call(loadSample, {});
          failures = 0;
          client.setQueryData(key, sample);
          if (sample.state === 'loaded') break;
        } catch (error) {
          failures += 1;
          if (!isTransient(error) || failures >= PATIENCE) throw error;
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
      }
      // Whatever was read before knows nothing of the new spaces.
      await client.invalidateQueries();
    },
  });
}

export function useRemoveSample() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(removeSample, {}),
    onSettled: () => client.invalidateQueries(),
  });
}
