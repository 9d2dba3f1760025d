import { Button } from '@mantine/core';
import { wait } from '../../../platform/words.ts';
import { useSecondsUntil } from '../../../platform/failed.tsx';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { useUser } from '../../../platform/session.tsx';
import { Avatar } from '../../../ui/avatar.tsx';
import { clock } from '../../../ui/time-words.ts';
import { useOutbox } from '../chat.outbox.tsx';
import type { PendingMessage } from './chat.rows.ts';
import classes from './message-row.module.css';

export function PendingRow({ pending, isFirst }: { pending: PendingMessage; isFirst: boolean }) {
  const me = useUser();
  const outbox = useOutbox();
  const { failure } = pending;
  return (
    <article
      className={classes.row}
      data-first={isFirst || undefined}
      aria-label={failure ? 'Message not sent' : 'Message being sent'}
    >
      <div className={classes.side}>{isFirst && <Avatar id={me.id} name={me.name} />}</div>
      <div className={classes.body}>
        {isFirst && (
          <div className={classes.head}>
            <span className={classes.author}>{me.name}</span>
            <time dateTime={pending.createdAt}>{clock(pending.createdAt)}</time>
          </div>
        )}
        <div className={classes.pending}>
          <Markdown text={pending.text} look="chat" />
        </div>
        {failure ? (
          <div className={classes.state} data-failed role="alert">
            <span>Not sent – {failure}</span>
            <Button size="compact-xs" variant="default" onClick={() => outbox.retry(pending.id)}>
              Retry
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => outbox.discard(pending.id)}>
              Discard
            </Button>
          </div>
        ) : (
          <div className={classes.state}>
            <Sending retryAt={pending.retryAt} />
          </div>
        )}
      </div>
    </article>
  );
}

function Sending({ retryAt }: { retryAt: number | null }) {
  const seconds = useSecondsUntil(retryAt);
  if (seconds === 0) return 'Sending';
  return <span role="timer">Too many at once. Goes on in {wait(seconds)}</span>;
}
