import { ask } from '@teambrain/contract/ask.ts';
import { useQuery } from '@tanstack/react-query';
import { useCall } from '../../platform/session.tsx';

/** So many questions of a conversation are sent: the last ones. */
const MAX_TURNS = 20;

/**
 * The answer to a question, asked after others; kept while the tab is open, so that going back shows
 * it again.
 */
export function useAnswer(question: string, before: readonly string[]) {
  const call = useCall();
  const turns = before.slice(-MAX_TURNS).map((asked) => ({ question: asked }));
  return useQuery({
    queryKey: ['answer', question, turns],
    queryFn: ({ signal }) => call(ask, { body: { question, turns } }, { signal }),
    enabled: question.length >= 2,
    staleTime: 5 * 60_000,
    retry: false,
  });
}
