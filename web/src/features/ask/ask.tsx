import type { Citation } from '@teambrain/contract/citation.ts';
import { Skeleton } from '@mantine/core';
import { Failed } from '../../platform/failed.tsx';
import { AnswerView } from './answer-view.tsx';
import { AskBox } from './ask-box.tsx';
import classes from './ask.module.css';
import { useAnswer } from './ask.queries.ts';

interface Props {
  question: string;
  onAsk: (question: string) => void;
  onOpen: (citation: Citation) => void;
  onAskTeam: (question: string) => void;
}

export function Ask({ question, onAsk, onOpen, onAskTeam }: Props) {
  const answer = useAnswer(question);
  const again = (asked: string) => (asked === question ? void answer.refetch() : onAsk(asked));
  return (
    <>
      <AskBox question={question} isBusy={answer.isFetching} onAsk={again} />
      <div aria-live="polite" aria-busy={answer.isFetching}>
        {answer.isFetching && <Thinking />}
        {answer.isError && !answer.isFetching && (
          <Failed error={answer.error} onRetry={() => void answer.refetch()} />
        )}
        {answer.data && !answer.isFetching && (
          <AnswerView answer={answer.data} onOpen={onOpen} onAskTeam={() => onAskTeam(question)} />
        )}
      </div>
    </>
  );
}

function Thinking() {
  return (
    <div className={classes.answer}>
      <span className="tb-hidden">Looking for an answer</span>
      <Skeleton height={20} width={90} radius={10} mb={16} />
      <Skeleton height={14} radius={4} mb={10} />
      <Skeleton height={14} radius={4} width="80%" mb={10} />
      <Skeleton height={14} radius={4} width="55%" />
    </div>
  );
}
