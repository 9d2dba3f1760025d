import { useState } from 'react';
import { Ask } from '../../features/ask/ask.tsx';
import type { PanelView } from '../../platform/panel.tsx';
import { AskTeam, useAskTeam } from '../ask-team.tsx';
import { useAnswered } from '../use-answered.ts';
import { useOpenSource } from './use-open-source.ts';

export function AskPanel({ view }: { view: PanelView }) {
  const onOpen = useOpenSource();
  const team = useAskTeam();
  const answered = useAnswered();
  const [question, setQuestion] = useState((view.kind === 'ask' && view.question) || '');
  return (
    <>
      <Ask
        question={question}
        answered={answered}
        onAsk={setQuestion}
        onOpen={onOpen}
        onAskTeam={team.ask}
      />
      <AskTeam {...team} />
    </>
  );
}
