import type { Citation } from '@teambrain/contract/citation.ts';
import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Failed } from '../../platform/failed.tsx';
import { AnswerView } from './answer-view.tsx';
import { AskBox } from './ask-box.tsx';
import classes from './ask.module.css';
import { useAnswer } from './ask.queries.ts';
import { ModelView, numbered } from './model-view.tsx';
import { Suggestions } from './suggestions.tsx';
import { useConversation } from './use-conversation.ts';

interface Props {
  question: string;
  /** Questions that have an answer here, offered while there is none. */
  answered: readonly string[];
  onAsk: (question: string) => void;
  onOpen: (citation: Citation) => void;
  onAskTeam: (question: string) => void;
}

export function Ask({ question, answered, onAsk, onOpen, onAskTeam }: Props) {
  const conversation = useConversation(question);
  const { query: answer, streamed, stop } = useAnswer(question, conversation.before);
  const ask = (asked: string) => {
    if (asked === question) return void answer.refetch();
    conversation.add(asked);
    onAsk(asked);
  };
  const startAgain = () => {
    conversation.clear();
    onAsk('');
  };
  return (
    <>
      <AskBox question={question} isBusy={answer.isFetching} onAsk={ask} />
      {!question && <Suggestions answered={answered} onAsk={ask} />}
      {question && <Conversation last={conversation.before.at(-1)} onStartAgain={startAgain} />}
      <div aria-live="polite" aria-busy={answer.isFetching}>
        {answer.isFetching && streamed.sentences.length === 0 && <Thinking onStop={stop} />}
        {(answer.isFetching || streamed.isStopped) && streamed.sentences.length > 0 && (
          <ModelView
            {...numbered(streamed.sentences)}
            state={streamed.isStopped ? 'stopped' : 'writing'}
            onStop={stop}
            onOpen={onOpen}
          />
        )}
        {streamed.isStopped && streamed.sentences.length === 0 && (
          <p className={classes.hint}>Stopped. Ask again when you like.</p>
        )}
        {answer.isError && !answer.isFetching && (
          <Failed error={answer.error} onRetry={() => void answer.refetch()} />
        )}
        {answer.data && !answer.isFetching && !streamed.isStopped && (
          <AnswerView answer={answer.data} onOpen={onOpen} onAskTeam={() => onAskTeam(question)} />
        )}
      </div>
    </>
  );
}

/** What the question is read after, and the way out of it. */
function Conversation({ last, onStartAgain }: { last?: string; onStartAgain: () => void }) {
  return (
    <div className={classes.conversation}>
      <span>
        {last === undefined ? (
          'Your next question is read together with this one.'
        ) : (
          <>
            Read together with “<bdi>{last}</bdi>”.
          </>
        )}
      </span>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconPlus size={12} />}
        onClick={onStartAgain}
      >
        New question
      </Button>
    </div>
  );
}

/** Most answers are there at once; one that takes longer can be stopped. */
const STOPPABLE_MS = 1_500;

function Thinking({ onStop }: { onStop: () => void }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), STOPPABLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classes.answer}>
      <span className="tb-hidden">Looking for an answer</span>
      {isLong && (
        <Button size="compact-xs" variant="default" mb={12} onClick={onStop}>
          Stop
        </Button>
      )}
      <Skeleton height={20} width={90} radius={10} mb={16} />
      <Skeleton height={14} radius={4} mb={10} />
      <Skeleton height={14} radius={4} width="80%" mb={10} />
      <Skeleton height={14} radius={4} width="55%" />
    </div>
  );
}
