import { Button } from '@mantine/core';
import type { Answer } from '@teambrain/contract/ask.ts';
import type { Citation, Source } from '@teambrain/contract/citation.ts';
import { Link } from '@tanstack/react-router';
import { IconHelpCircle } from '@tabler/icons-react';
import { sourceLink, sourceName } from '../../platform/source-link.ts';
import { Chip, type Tone } from '../../ui/chip.tsx';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import classes from './ask.module.css';
import { FoundView } from './found-view.tsx';
import { InsteadNote, ModelView } from './model-view.tsx';
import { NearestList } from './nearest-list.tsx';

const STATES: Record<Answer['status'], { label: string; tone: Tone }> = {
  answered: { label: 'Found', tone: 'plain' },
  maybe: { label: 'This may help', tone: 'warn' },
  unknown: { label: 'Not known here', tone: 'plain' },
};

interface Props {
  answer: Answer;
  onOpen: (citation: Citation) => void;
  onAskTeam: () => void;
}

/** What was found, word for word in its place, without a claim that it is the whole answer. */
export function AnswerView({ answer, onOpen, onAskTeam }: Props) {
  const { status, method, instead, found, page, nearest, citations, sentences } = answer;
  const { label, tone } = STATES[status];
  const isUnknown = status === 'unknown';
  if (method === 'model' && !isUnknown) {
    return <ModelView sentences={sentences} citations={citations} onOpen={onOpen} />;
  }
  const isShown = found.some(({ source }) => source.id === page?.id);
  return (
    <section className={classes.answer} aria-label={label}>
      {instead && <InsteadNote why={instead} />}
      {status !== 'answered' && <Chip tone={tone}>{label}</Chip>}
      {page && !isShown && <PageCard source={page} />}
      {isUnknown && (
        <p className={classes.unknown}>
          {page
            ? 'No sentence of it could be picked out. Open the page, or put your question to the team.'
            : 'Nothing you may read answers this. The team may know: put it to them as an open question.'}
        </p>
      )}
      {found.map((place) => (
        <FoundView
          key={place.source.id}
          place={place}
          isSure={status === 'answered'}
          citations={citations}
          onOpen={onOpen}
        />
      ))}
      {nearest.length > 0 && <NearestList passages={nearest} isUnknown={isUnknown} />}
      {status !== 'answered' && (
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

/** The page that is named like the question. */
function PageCard({ source }: { source: Source }) {
  return (
    <Link {...sourceLink(source)} className={classes.page}>
      <KindIcon kind={source.kind} />
      <span className={classes.about}>
        <span className={classes.name} dir="auto">
          {sourceName(source)}
        </span>
        <span className={classes.dim}>
          <SpaceIcon visibility={source.spaceVisibility} size={12} /> {source.spaceName}
        </span>
      </span>
    </Link>
  );
}
