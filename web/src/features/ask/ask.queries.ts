import { ask } from '@teambrain/contract/ask.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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

/** Questions asked in this tab, the last first. */
export function useAsked(): readonly string[] {
  const client = useQueryClient();
  const [asked] = useState(() => {
    const answers = client.getQueryCache().findAll({ queryKey: ['answer'] });
    const answered = answers.filter(({ state }) => state.data !== undefined);
    const lastFirst = answered.sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
    return [...new Set(lastFirst.map(({ queryKey }) => String(queryKey[1])))];
  });
  return asked;
}
