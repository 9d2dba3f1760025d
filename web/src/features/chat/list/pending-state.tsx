import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSecondsUntil } from '../../../platform/failed.tsx';
import { exactClock } from '../../../ui/time-words.ts';
import { useOutbox } from '../chat.outbox.tsx';
import type { PendingMessage } from './chat.rows.ts';
import classes from './message-row.module.css';

/** A message that arrives sooner than this (milliseconds) needs no words on its way. */
const PATIENCE = 1_000;

/**
 * What is said of a message on its way: nothing for a second, then beside the message, so that its
 * row keeps its size; why it was not sent below it, with what can be done.
 */
export function PendingState({ pending }: { pending: PendingMessage }) {
  const outbox = useOutbox();
  const isLate = useLate(pending.createdAt);
  const seconds = useSecondsUntil(pending.retryAt);
  if (pending.failure) {
    return (
      <div className={classes.state} data-failed role="alert">
        <span>Not sent – {pending.failure}</span>
        <Button size="compact-xs" variant="default" onClick={() => outbox.retry(pending.id)}>
          Retry
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => outbox.discard(pending.id)}>
          Discard
        </Button>
      </div>
    );
  }
  if (!isLate && seconds === 0) return null;
  return (
    <div className={classes.beside}>
      {seconds === 0 || pending.retryAt === null ? (
        'Sending'
      ) : (
        <span role="timer">{waiting(pending.retryAt, pending.reason)}</span>
      )}
    </div>
  );
}

/** “Waiting until 14:03:12: more than 20 messages in 5 seconds” */
const waiting = (until: number, reason: string | null) =>
  `Waiting until ${exactClock(until)}${reason === null ? '' : `: ${reason}`}`;

/** Whether it is long since that moment. */
function useLate(since: string): boolean {
  const at = Date.parse(since) + PATIENCE;
  const [isLate, setIsLate] = useState(() => Date.now() >= at);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at]);
  return isLate;
}
