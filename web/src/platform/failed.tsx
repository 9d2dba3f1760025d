import { useEffect, useEffectEvent, useState } from 'react';
import { Failure } from '../ui/failure.tsx';
import { messageOf, retryAtOf } from './problem.ts';
import { wait } from './words.ts';

interface Props {
  error: unknown;
  /** Own words in the place of the usual ones. */
  message?: string | undefined;
  onRetry?: (() => void) | undefined;
}

/**
 * Says what went wrong. When the server asked to wait, counts the wait down; at its end what only
 * reads is tried again by itself, and a form says that it can be sent again.
 */
export function Failed({ error, message, onRetry }: Props) {
  const retryAt = retryAtOf(error);
  const seconds = useSecondsUntil(retryAt);
  const isOver = retryAt !== null && seconds === 0;
  const retry = useEffectEvent(() => onRetry?.());
  useEffect(() => {
    if (isOver) retry();
  }, [isOver, retryAt]);
  if (retryAt === null) return <Failure message={message ?? messageOf(error)} onRetry={onRetry} />;
  const next = isOver ? 'You can try again now.' : `Try again in ${wait(seconds)}.`;
  return (
    <Failure message="Too many tries." onRetry={isOver ? onRetry : undefined}>
      <Wait words={next} />
    </Failure>
  );
}

/** Changes every second, so it stands outside of what is read out. */
const Wait = ({ words }: { words: string }) => <div role="timer">{words}</div>;

/** Whole seconds until a moment (epoch milliseconds), counted down; 0 when it is past or there is none. */
export function useSecondsUntil(at: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === null) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= at) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [at]);
  return at === null ? 0 : Math.max(0, Math.ceil((at - now) / 1_000));
}
