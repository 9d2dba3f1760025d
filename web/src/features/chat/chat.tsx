import { notifications } from '@mantine/notifications';
import type { Message } from '@teambrain/contract/chat.ts';
import { abilityIn } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { TextRange } from '../../platform/markdown/highlight.ts';
import { draftKeys } from '../../platform/drafts/drafts.ts';
import { closeThreadOf, openPanel } from '../../platform/panel.tsx';
import { codeOf, messageOf } from '../../platform/problem.ts';
import { useUser } from '../../platform/session.tsx';
import { watch } from '../../platform/unread.ts';
import { Failed } from '../../platform/failed.tsx';
import { Failure } from '../../ui/failure.tsx';
import { usePending } from './chat.outbox.tsx';
import { useMessages, useMorePages, useReopen, type OpenAt } from './chat.queries.ts';
import type { MessageWindow } from './chat.window.ts';
import classes from './chat.module.css';
import { ChatSkeleton } from './list/chat-skeleton.tsx';
import { Composer } from './compose/composer.tsx';
import { MessageList } from './list/message-list.tsx';
import { TypingLine } from './compose/typing-line.tsx';

interface Props {
  space: Space;
  /** A message to show with its neighbours, and the words of it to mark. */
  target?: { id: string; range: TextRange | null; version: number | undefined } | undefined;
  /** Stands in place of the composer for who may only read. */
  door: ReactNode;
}

/** A message whose editing was cut off by a reload goes on being edited. */
function begunEdit(spaceId: string): string | null {
  return draftKeys(`edit ${spaceId} `)[0]?.split(' ')[2] ?? null;
}

function shownOf(window: MessageWindow | undefined, target: Props['target']): Props['target'] {
  const threadId = window?.thread ?? null;
  if (!window || threadId === null || window.items.some(({ id }) => id === target?.id))
    return target;
  return { id: threadId, range: null, version: undefined };
}

/** Beside a message that is a reply, or was asked for as one, its thread opens; it closes with the chat. */
function useThreadOf(
  spaceId: string,
  window: MessageWindow | undefined,
  target: Props['target'],
): void {
  const threadId = target ? (window?.thread ?? null) : null;
  useEffect(() => {
    if (threadId !== null) openPanel({ kind: 'thread', spaceId, threadId, target });
  }, [spaceId, threadId, target]);
  useEffect(() => () => closeThreadOf(spaceId), [spaceId]);
}

export function Chat({ space, target, door }: Props) {
  const me = useUser();
  const navigate = useNavigate();
  const list = useMessages(space.id, target?.id);
  // A reply that the space does not show is shown in its thread, beside its root.
  const shown = useMemo(() => shownOf(list.data, target), [list.data, target]);
  const pages = useMorePages(space.id, target?.id);
  const pending = usePending(space.id);
  const [editing, setEditing] = useState<string | null>(() => begunEdit(space.id));
  const composer = useRef<HTMLTextAreaElement>(null);
  const ability = abilityIn({ ...space, isAdministrator: me.isAdministrator });

  useEffect(() => {
    watch(space.id);
    return () => watch(null);
  }, [space.id]);
  const toLatest = useMemo(
    () => () => void navigate({ to: '/s/$spaceId', params: { spaceId: space.id } }),
    [navigate, space.id],
  );
  const reopen = useReopen(space.id);
  // What is shown in place of the latest messages, and how often it was chosen.
  const [opened, setOpened] = useState<{ at: OpenAt; turn: number } | null>(null);
  const onReopen = (at: OpenAt) => {
    const show = () => {
      setOpened((was) => ({ at, turn: (was?.turn ?? 0) + 1 }));
      if (target) toLatest();
    };
    const fail = (error: unknown) =>
      notifications.show({ color: 'red', message: messageOf(error) });
    void reopen(at).then(show).catch(fail);
  };
  const stopEditing = () => {
    setEditing(null);
    composer.current?.focus();
  };
  // Who sends something wants to see it.
  const onSent = () => {
    if (target) toLatest();
    else if (list.data?.next) onReopen('end');
  };
  useThreadOf(space.id, list.data, target);
  const editLast = () => {
    const own = (one: Message) => one.author.id === me.id && one.deletedAt === null;
    const last = list.data?.items.findLast(own);
    if (last) setEditing(last.id);
  };

  return (
    <div className={classes.chat} data-drop>
      {list.isPending && <ChatSkeleton />}
      {list.isError && (
        <div className={classes.failure}>
          {target && codeOf(list.error) === 'not-found' ? (
            <Failure message="This message is not here any more." onRetry={toLatest} />
          ) : (
            <Failed error={list.error} onRetry={() => void list.refetch()} />
          )}
        </div>
      )}
      {list.data && (
        <MessageList
          key={`${space.id} ${target?.id ?? ''} ${opened?.turn ?? 0}`}
          space={space}
          window={list.data}
          pending={list.data.next !== null ? [] : pending}
          ability={ability}
          target={shown}
          editing={editing}
          onEdit={setEditing}
          onEdited={stopEditing}
          onMore={pages.load}
          failedSide={pages.failed}
          onReopen={onReopen}
          from={target === undefined ? (opened?.at ?? null) : null}
        />
      )}
      {space.role !== null ? (
        <Composer
          ref={composer}
          space={space}
          onSent={onSent}
          onEditLast={editLast}
          hint={<TypingLine spaceId={space.id} />}
        />
      ) : (
        door
      )}
    </div>
  );
}
