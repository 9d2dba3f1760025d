import { ask, type StreamedSentence } from '@teambrain/contract/ask.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCall } from '../../platform/session.tsx';

/** Longer than the server takes at most. */
const PATIENCE_MS = 75_000;

/** What has come of an answer that is being written, or was stopped. */
interface Streamed {
  /** Which answer it is of. */
  of: string;
  sentences: readonly StreamedSentence[];
  isStopped: boolean;
}
const NOTHING: Streamed = { of: '', sentences: [], isStopped: false };

/** So many questions of a conversation are sent: the last ones. */
const MAX_TURNS = 20;

/**
 * The answer to a question, asked after others; kept while the tab is open, so that going back shows
 * it again. `streamed` is what a language model has said of it so far.
 */
export function useAnswer(question: string, before: readonly string[]) {
  const call = useCall();
  const turns = before.slice(-MAX_TURNS).map((asked) => ({ question: asked }));
  const client = useQueryClient();
  const queryKey = ['answer', question, turns];
  const id = JSON.stringify(queryKey);
  const [latest, setLatest] = useState(NOTHING);
  const streamed = latest.of === id ? latest : NOTHING;
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      setLatest({ ...NOTHING, of: id });
      const onEvent = ({ data }: { data: StreamedSentence }) =>
        setLatest((before) =>
          before.of === id ? { ...before, sentences: [...before.sentences, data] } : before,
        );
      return call(ask, { body: { question, turns } }, { signal, onEvent, timeout: PATIENCE_MS });
    },
    enabled: question.length >= 2 && !streamed.isStopped,
    staleTime: 5 * 60_000,
    retry: false,
  });
  const stop = () => {
    setLatest((before) => ({ ...before, isStopped: true }));
    void client.cancelQueries({ queryKey });
  };
  return { query, streamed, stop };
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
