import { Button } from '@mantine/core';
import type { Answer } from '@teambrain/contract/ask.ts';
import type { Citation } from '@teambrain/contract/citation.ts';
import { IconHelpCircle, IconSparkles } from '@tabler/icons-react';
import { CitedText } from '../../ui/cited-text.tsx';
import { Chip, type Tone } from '../../ui/chip.tsx';
import classes from './ask.module.css';
import { NearestList } from './nearest-list.tsx';
import { SourceList } from './source-list.tsx';

const STATES: Record<Answer['status'], { label: string; tone: Tone }> = {
  answered: { label: 'Answer', tone: 'good' },
  maybe: { label: 'This may help', tone: 'warn' },
  unknown: { label: 'Not known here', tone: 'plain' },
};

interface Props {
  answer: Answer;
  onOpen: (citation: Citation) => void;
  onAskTeam: () => void;
}

export function AnswerView({ answer, onOpen, onAskTeam }: Props) {
  const { label, tone } = STATES[answer.status];
  const isUnknown = answer.status === 'unknown';
  return (
    <section className={classes.answer} aria-label={label}>
      <header className={classes.state}>
        <Chip tone={tone}>{label}</Chip>
        {!isUnknown && (
          <span className={classes.origin}>
            <IconSparkles size={14} aria-hidden /> Made by AI from sources in {spacesOf(answer)}
          </span>
        )}
      </header>
      {isUnknown ? (
        <p className={classes.unknown}>
          Nothing you may read answers this. The team may know: put it to them as an open question.
        </p>
      ) : (
        <div className={classes.text}>
          {answer.sentences.map((sentence, index) => (
            <CitedText key={index} {...sentence} all={answer.citations} onOpen={onOpen} />
          ))}
        </div>
      )}
      {!isUnknown && <SourceList citations={answer.citations} onOpen={onOpen} />}
      {answer.nearest.length > 0 && <NearestList passages={answer.nearest} isUnknown={isUnknown} />}
      {answer.status !== 'answered' && (
        <div className={classes.team}>
          <Button
            size="xs"
            variant={isUnknown ? 'filled' : 'default'}
            leftSection={<IconHelpCircle size={14} />}
            onClick={onAskTeam}
          >
            Ask the team
          </Button>
        </div>
      )}
    </section>
  );
}

function spacesOf({ citations }: Answer): string {
  const names = [...new Set(citations.map(({ source }) => source.spaceName))];
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
}
