import { summarise, type Summary } from '@teambrain/contract/summaries.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import { useQuery } from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';

export type SummaryTarget = BodyOf<typeof summarise>['target'];

export function useSummary(spaceId: string, target: SummaryTarget) {
  const call = useCall();
  return useQuery({
    queryKey: ['space', spaceId, 'summary', target],
    queryFn: ({ signal }): Promise<Summary> =>
      call(summarise, { params: { spaceId }, body: { target } }, { signal }),
    // Asked for anew each time it is opened: what it is made from goes on changing.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}
