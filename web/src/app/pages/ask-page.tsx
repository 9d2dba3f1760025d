import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ask } from '../../features/ask/ask.tsx';
import { openPanel } from '../../platform/panel.tsx';
import { useTitle } from '../../platform/title.ts';
import { AskTeam, useAskTeam } from '../ask-team.tsx';
import { useAnswered } from '../use-answered.ts';
import classes from './home-page.module.css';

export function AskPage() {
  useTitle('Ask');
  const { q } = useSearch({ from: '/signed-in/ask' });
  const navigate = useNavigate();
  const team = useAskTeam();
  const answered = useAnswered();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Ask</h1>
      <p className={classes.lead}>
        Answers from the messages, documents, FAQs and decisions that you may read, with their own
        words.
      </p>
      <Ask
        question={q ?? ''}
        answered={answered}
        onAsk={(question) => void navigate({ to: '/ask', search: { q: question || undefined } })}
        onOpen={(citation) => openPanel({ kind: 'source', citation })}
        onAskTeam={team.ask}
      />
      <AskTeam {...team} />
    </div>
  );
}
