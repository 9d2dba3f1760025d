import { IconHelpCircle, IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './ask.module.css';
import { useAsked } from './ask.queries.ts';

/** So many of a kind are offered. */
const MOST = 5;

interface Props {
  /** Questions that have an answer here. */
  answered: readonly string[];
  onAsk: (question: string) => void;
}

/** What can be asked, before anything was. */
export function Suggestions({ answered, onAsk }: Props) {
  const asked = useAsked().slice(0, MOST);
  const others = answered.filter((one) => !asked.includes(one)).slice(0, MOST);
  if (asked.length + others.length === 0) {
    return (
      <p className={classes.hint}>
        Ask when something happened, who knows about it, how it is done or what was decided. Answers
        come from what was said and written in your spaces, with the place where it stands.
      </p>
    );
  }
  return (
    <>
      <Questions
        title="You asked"
        icon={<IconHistory size={16} />}
        questions={asked}
        onAsk={onAsk}
      />
      <Questions
        title="Answered in your spaces"
        icon={<IconHelpCircle size={16} />}
        questions={others}
        onAsk={onAsk}
      />
    </>
  );
}

interface QuestionsProps {
  title: string;
  icon: ReactNode;
  questions: readonly string[];
  onAsk: (question: string) => void;
}

function Questions({ title, icon, questions, onAsk }: QuestionsProps) {
  if (questions.length === 0) return null;
  return (
    <section className={classes.sources} aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {questions.map((question) => (
          <li key={question}>
            <button type="button" className={classes.source} onClick={() => onAsk(question)}>
              {icon}
              <span className={classes.about} dir="auto">
                {question}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
