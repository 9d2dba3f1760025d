import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useState } from 'react';
import classes from './new-password.module.css';
import { strengthOf, type Strength } from './strength.ts';

interface Props extends PasswordInputProps {
  /** Fewest characters. */
  minimum: number;
  /** What the password must not be made of, as it is when asked. */
  words: () => readonly string[];
  /** What to say while nothing is typed; the fewest characters unless given. */
  hint?: string;
}

const WORDS: Record<Exclude<Strength, 'short'>, string> = {
  easy: 'Easy to guess: add a word or two',
  fair: 'Fair: longer is better',
  good: 'Good',
  strong: 'Strong',
};
const BARS: Record<Strength, number> = { short: 0, easy: 1, fair: 2, good: 3, strong: 4 };

/** A field to choose a password in, which says while one types how easy it is to guess. */
export function NewPassword({ minimum, words, hint, value, onInput, ...rest }: Props) {
  const [typed, setTyped] = useState('');
  const password = typeof value === 'string' ? value : typed;
  const strength = strengthOf(password, { minimum, words: words() });
  const enough = hint ?? `At least ${minimum} characters`;
  const bars = (
    <div className={classes.bars} data-strength={strength} aria-hidden>
      {[1, 2, 3, 4].map((bar) => (
        <span key={bar} data-on={bar <= BARS[strength] || undefined} />
      ))}
    </div>
  );
  return (
    <PasswordInput
      description={strength === 'short' ? enough : WORDS[strength]}
      inputContainer={(field) => (
        <>
          {field}
          {bars}
        </>
      )}
      {...(value === undefined ? {} : { value })}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        onInput?.(event);
      }}
      {...rest}
    />
  );
}
