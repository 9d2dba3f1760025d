import type { ThreadState } from '@teambrain/contract/chat.ts';
import { openPanel } from '../../../platform/panel.tsx';
import { count } from '../../../platform/words.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Time } from '../../../ui/time.tsx';
import classes from './thread-chip.module.css';

export const openThread = (spaceId: string, threadId: string) =>
  openPanel({ kind: 'thread', spaceId, threadId });

interface Props {
  spaceId: string;
  threadId: string;
  state: ThreadState;
}

/** What is under a root: who replied last, how many replies there are and when the last one came. */
export function ThreadChip({ spaceId, threadId, state }: Props) {
  const { replies, faces, lastReplyAt } = state;
  return (
    <button type="button" className={classes.chip} onClick={() => openThread(spaceId, threadId)}>
      <span className={classes.faces}>
        {faces.map(({ id, name }) => (
          <Avatar key={id} id={id} name={name} size={20} />
        ))}
      </span>
      <span className={classes.count}>{count(replies, 'reply', 'replies')}</span>
      {lastReplyAt && (
        <span className={classes.last}>
          last reply <Time at={lastReplyAt} />
        </span>
      )}
    </button>
  );
}

/** Above a reply that the space shows as well: leads to its thread. */
export function RepliedMark({ spaceId, threadId }: Omit<Props, 'state'>) {
  return (
    <button type="button" className={classes.mark} onClick={() => openThread(spaceId, threadId)}>
      Replied in a thread
    </button>
  );
}
