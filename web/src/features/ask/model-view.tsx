import type { Answer, StreamedSentence } from '@teambrain/contract/ask.ts';
import type { Citation } from '@teambrain/contract/citation.ts';
import { Button } from '@mantine/core';
import { IconPlayerStopFilled, IconSparkles } from '@tabler/icons-react';
import { sourceName } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './model-view.module.css';

interface Props {
  sentences: readonly { text: string; citations: readonly number[] }[];
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
  /** While it is being written, or where somebody stopped it; absent for a whole answer. */
  state?: 'writing' | 'stopped';
  onStop?: () => void;
}

/** Sentences of a language model, each with the numbers of the places it rests on. */
export function ModelView({ sentences, citations, onOpen, state, onStop }: Props) {
  return (
    <section className={classes.answer} aria-label="Answer made by AI">
      <p className={classes.made}>
        <IconSparkles size={14} aria-hidden />
        <span>{madeOf(citations, state)}</span>
        {state === 'writing' && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPlayerStopFilled size={12} />}
            onClick={onStop}
          >
            Stop
          </Button>
        )}
      </p>
      <p className={classes.text} dir="auto">
        {sentences.map(({ text, citations: numbers }) => (
          <span key={text}>
            {text}
            {numbers.map((number) => (
              <Number key={number} number={number} citation={citations[number]} onOpen={onOpen} />
            ))}{' '}
          </span>
        ))}
      </p>
      {citations.length > 0 && <Sources citations={citations} onOpen={onOpen} />}
      {state === undefined && (
        <p className={classes.dim}>
          Each sentence was checked against the words it cites. Open them before you rely on it.
        </p>
      )}
    </section>
  );
}

function madeOf(citations: readonly Citation[], state: Props['state']): string {
  if (state === 'writing' && citations.length === 0) return 'The AI reads what was found…';
  const count = new Set(citations.map(({ source }) => source.id)).size;
  const sources = `${count} ${count === 1 ? 'source' : 'sources'}`;
  if (state === 'stopped') return `Stopped. Made by AI from ${sources} so far`;
  return `Made by AI from ${sources}${state === 'writing' ? ' so far…' : ''}`;
}

interface NumberProps {
  number: number;
  citation: Citation | undefined;
  onOpen: (citation: Citation) => void;
}

function Number({ number, citation, onOpen }: NumberProps) {
  if (!citation) return null;
  return (
    <button
      type="button"
      className={classes.number}
      aria-label={`Open source ${number + 1}, ${sourceName(citation.source)}`}
      onClick={() => onOpen(citation)}
    >
      {number + 1}
    </button>
  );
}

/** Where the numbers lead: the words, and whose they are. */
function Sources({ citations, onOpen }: Pick<Props, 'citations' | 'onOpen'>) {
  return (
    <ol className={classes.sources} aria-label="Sources">
      {citations.map((citation, index) => {
        const { source, quote, start } = citation;
        return (
          <li key={`${source.id} ${start}`}>
            <button type="button" className={classes.source} onClick={() => onOpen(citation)}>
              <span className={classes.index}>{index + 1}</span>
              <span className={classes.about}>
                <span className={classes.name}>
                  <KindIcon kind={source.kind} size={14} /> <bdi>{sourceName(source)}</bdi>
                </span>
                <span className={classes.quote} dir="auto">
                  {quote}
                </span>
                <span className={classes.dim}>
                  <SpaceIcon visibility={source.spaceVisibility} size={12} />{' '}
                  <bdi>{source.spaceName}</bdi> · <Time at={source.at} />
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** Sentences as they were streamed, with one list of their citations. */
export function numbered(streamed: readonly StreamedSentence[]) {
  const citations: Citation[] = [];
  const numberOf = (one: Citation) => {
    const at = citations.findIndex(
      (other) =>
        other.source.id === one.source.id && other.start === one.start && other.end === one.end,
    );
    return at < 0 ? citations.push(one) - 1 : at;
  };
  const sentences = streamed.map(({ text, citations: own }) => ({
    text,
    citations: [...new Set(own.map(numberOf))],
  }));
  return { sentences, citations };
}

const INSTEAD: Record<NonNullable<Answer['instead']>, string> = {
  failed: 'The AI gave no answer this time. Here is what was found, word for word.',
  busy: 'The AI has too many requests just now. Here is what was found, word for word.',
  slow: 'The AI took too long. Here is what was found, word for word.',
  withheld:
    'What was found is in a protected space, and its words are not sent to the AI. Here it is, word for word.',
};

/** Why a model that is set does not answer. */
export const InsteadNote = ({ why }: { why: NonNullable<Answer['instead']> }) => (
  <p className={classes.note}>{INSTEAD[why]}</p>
);
