import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../features/ask/ask.tsx';
import type { PanelView } from '../../platform/panel.tsx';
import { sourceLink } from '../../platform/source-link.ts';
import { AskTeam, useAskTeam } from '../ask-team.tsx';

export function AskPanel({ view }: { view: PanelView }) {
  const navigate = useNavigate();
  const team = useAskTeam();
  const [question, setQuestion] = useState((view.kind === 'ask' && view.question) || '');
  return (
    <>
      <Ask
        question={question}
        onAsk={setQuestion}
        onOpen={(citation) => void navigate(sourceLink(citation.source, citation))}
        onAskTeam={team.ask}
      />
      <AskTeam {...team} />
    </>
  );
}
