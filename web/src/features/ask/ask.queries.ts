import { ask } from '@teambrain/contract/ask.ts';
import { useQuery } from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';

/** The answer to a question; kept while the tab is open, so that going back shows it again. */
export function useAnswer(question: string) {
  const call = useCall();
  return useQuery({
    queryKey: ['answer', question],
    queryFn: ({ signal }) => call(ask, { body: { question } }, { signal }),
    enabled: question.length >= 2,
    staleTime: 5 * 60_000,
    retry: false,
  });
}
