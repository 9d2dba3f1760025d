import type { Message } from '@teambrain/contract/chat.ts';
import { abilityIn, isEnough } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { Button } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { draftKeys } from '../../../platform/drafts/drafts.ts';
import { Failed } from '../../../platform/failed.tsx';
import type { ThreadTarget } from '../../../platform/panel.tsx';
import { codeOf } from '../../../platform/problem.ts';
import { useUser } from '../../../platform/session.tsx';
import { count } from '../../../platform/words.ts';
import { isSameDay } from '../../../ui/time-words.ts';
import { Failure } from '../../../ui/failure.tsx';
import { Lines } from '../../../ui/lines.tsx';
import type { ThreadWindow } from '../chat.events.ts';
import { usePending } from '../chat.outbox.tsx';
import { Composer } from '../compose/composer.tsx';
import { TypingLine } from '../compose/typing-line.tsx';
import { buildRows, type Row } from '../list/chat.rows.ts';
import { RowView } from '../list/row-view.tsx';
import { ThreadBar } from './thread-bar.tsx';
import classes from './thread.module.css';
import { useMoreReplies, useThread } from './thread.queries.ts';
import { useThreadRead } from './use-thread-read.ts';
import { useThreadPlace } from './use-thread-place.ts';

interface Props {
  space: Space;
  threadId: string;
  /** A reply to show, and the words of it to mark. */
  target: ThreadTarget | undefined;
}

/** A root with its replies and the box to write one. */
export function Thread({ space, threadId, target }: Props) {
  const thread = useThread(space.id, threadId, target?.id);
  if (thread.isPending) return <Lines count={4} label="Loading thread" />;
  if (thread.isError) {
    return codeOf(thread.error) === 'not-found' ? (
      <Failure message="This thread is not here." />
    ) : (
      <Failed error={thread.error} onRetry={() => void thread.refetch()} />
    );
  }
  return <Open space={space} thread={thread.data} target={target} />;
}

function Open({ space, thread, target }: Omit<Props, 'threadId'> & { thread: ThreadWindow }) {
  const { root, replies } = thread;
  const me = useUser();
  const pending = usePending(space.id, root.id);
  const more = useMoreReplies(space.id, root.id, target?.id);
  const [editing, setEditing] = useState<string | null>(() => begunEdit(space.id, thread));
  const composer = useRef<HTMLTextAreaElement>(null);
  const ability = abilityIn({ ...space, isAdministrator: me.isAdministrator });
  const [newAfter] = useState(thread.readSeq);
  const rows = useRows(thread, pending, newAfter);
  const place = useThreadPlace(rows, replies.next === null, pending.at(-1)?.id, target?.id);
  const look = useThreadRead(thread, place.isAtEnd);
  const onScroll = () => {
    place.look();
    look();
  };
  const stopEditing = () => {
    setEditing(null);
    composer.current?.focus();
  };
  const editLast = () => {
    const own = (one: Message) => one.author.id === me.id && one.deletedAt === null;
    const last = replies.items.findLast(own);
    if (last) setEditing(last.id);
  };
  const view = (row: Row) => (
    <RowView
      key={row.key}
      row={row}
      space={space}
      ability={ability}
      range={target && row.key === target.id ? target.range : null}
      version={target && row.key === target.id ? target.version : undefined}
      isTarget={row.key === target?.id}
      isEditing={row.key === editing}
      isInThread
      onEdit={setEditing}
      onEdited={stopEditing}
    />
  );
  const canReply = isEnough(ability, 'write') && root.deletedAt === null;
  return (
    <div className={classes.thread} data-drop>
      <ThreadBar space={space} thread={thread} />
      <div
        ref={place.scroller}
        className={classes.scroller}
        onScroll={onScroll}
        role="region"
        aria-label="Thread"
        tabIndex={0}
      >
        {rows.root.map(view)}
        <div className={classes.divider}>
          <h3>{count(thread.state.replies, 'reply', 'replies')}</h3>
        </div>
        {replies.previous && (
          <Button variant="subtle" size="xs" fullWidth onClick={() => more.load('older')}>
            Show earlier replies
          </Button>
        )}
        {more.failed && <Failure message="Replies could not be read." />}
        {rows.replies.map(view)}
        {replies.next && (
          <Button variant="subtle" size="xs" fullWidth onClick={() => more.load('newer')}>
            Show later replies
          </Button>
        )}
      </div>
      {canReply ? (
        <Composer
          ref={composer}
          space={space}
          threadId={root.id}
          onSent={() => undefined}
          onEditLast={editLast}
          hint={<TypingLine spaceId={space.id} threadId={root.id} />}
        />
      ) : (
        <p className={classes.closed}>{reasonOf(root, space)}</p>
      )}
    </div>
  );
}

const reasonOf = (root: Message, { name }: Space): string =>
  root.deletedAt === null
    ? `Join ${name} to reply.`
    : 'The message was deleted, so nobody can reply to it any more.';

function useRows(
  thread: ThreadWindow,
  pending: ReturnType<typeof usePending>,
  newAfter: number | null,
) {
  const me = useUser();
  return useMemo(() => {
    const states = new Map<string, never>();
    const { root, replies } = thread;
    const pins = thread.pin ? new Map([...replies.pins, [root.id, thread.pin]]) : replies.pins;
    const quotes = thread.quote
      ? new Map([...replies.quotes, [root.id, thread.quote]])
      : replies.quotes;
    const reactions = new Map([...replies.reactions, [root.id, thread.reactions]]);
    const of = (messages: readonly Message[], own: typeof pending, seen: number | null) =>
      buildRows({
        messages,
        states,
        reactions,
        pins,
        quotes,
        pending: own,
        me,
        isStart: false,
        seen,
      });
    const isMessage = ({ type }: Row) => type === 'message';
    return {
      root: of([root], [], null).filter(isMessage),
      // The root says which day its own is.
      replies: of(replies.items, pending, newAfter).filter(
        (row, index) =>
          index > 0 || row.type !== 'day' || !isSameDay(new Date(row.at), new Date(root.createdAt)),
      ),
    };
  }, [thread, pending, newAfter, me]);
}

/** A reply whose editing was cut off by a reload goes on being edited. */
function begunEdit(spaceId: string, { root, replies }: ThreadWindow): string | null {
  const ids = draftKeys(`edit ${spaceId} `).map((key) => key.split(' ')[2]);
  const begun = [root, ...replies.items].find(({ id }) => ids.includes(id));
  return begun?.id ?? null;
}
