import { Button } from '@mantine/core';
import { useState } from 'react';
import { settleOther, useOtherWords } from './drafts.ts';
import classes from './other-words.module.css';

interface Props<T> {
  draftKey: string;
  /** What of them is shown. */
  textOf: (value: T) => string;
  onTake: (value: T) => void;
}

/** Offers unsent words that another tab holds for the same place. */
export function OtherWords<T>({ draftKey, textOf, onTake }: Props<T>) {
  const others = useOtherWords<T>(draftKey);
  const [settled, setSettled] = useState<readonly string[]>([]);
  const other = others.find((one) => !settled.includes(one.name));
  if (!other) return null;
  const settle = () => setSettled([...settled, other.name]);
  return (
    <WordsOffer
      where="another tab"
      words={textOf(other.value)}
      onTake={() => {
        onTake(other.value);
        settleOther(other);
        settle();
      }}
      onLeave={settle}
    />
  );
}

interface OfferProps {
  where: string;
  words: string;
  onTake: () => void;
  onLeave: () => void;
}

/** Unsent words from elsewhere, to be taken over or left. */
export function WordsOffer({ where, words, onTake, onLeave }: OfferProps) {
  return (
    <div className={classes.other} role="group" aria-label={`Unsent words in ${where}`}>
      <span className={classes.words}>
        Unsent in {where}: <bdi>{words.slice(0, 200)}</bdi>
      </span>
      <Button size="compact-xs" variant="default" onClick={onTake}>
        Take over
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onLeave}>
        Not now
      </Button>
    </div>
  );
}
