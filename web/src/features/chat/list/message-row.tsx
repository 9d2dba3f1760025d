import {
  canDeleteMessage,
  canEditMessage,
  type Message,
  type Pin,
  type ThreadState,
} from '@teambrain/contract/chat.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import type { Reaction } from '@teambrain/contract/reactions.ts';
import type { Ability } from '@teambrain/contract/role.ts';
import { lazy, Suspense, useState, type FocusEvent, type KeyboardEvent } from 'react';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { useUser } from '../../../platform/session.tsx';
import { Avatar } from '../../../ui/avatar.tsx';
import { clock, exact, shortClock } from '../../../ui/time-words.ts';
import { Attachments } from '../files/attachments.tsx';
import { PinnedMark } from '../pins/pinned-mark.tsx';
import { QuotedMessage } from '../quotes/quoted-message.tsx';
import { composerKey, quoteOf, setQuoted } from '../quotes/quoting.tsx';
import { ReactionChips } from '../reactions/reaction-chips.tsx';
import type { PendingMessage } from './chat.rows.ts';
import { EditedMark } from './edited-mark.tsx';
import { Folded } from './folded.tsx';
import { MessageActions } from './message-actions.tsx';
import classes from './message-row.module.css';
import { PendingState } from './pending-state.tsx';
import { openThread, RepliedMark, ThreadChip } from './thread-chip.tsx';

const MessageEditor = lazy(() =>
  import('./message-editor.tsx').then((module) => ({ default: module.MessageEditor })),
);

/** So many milliseconds after it was posted a message of someone else arrives before one's eyes. */
const ARRIVING = 2_000;

interface Props {
  message: Message;
  /** Set while the message is on its way. */
  pending: PendingMessage | null;
  isFirst: boolean;
  /** What is under it in the space's own stream. */
  thread: ThreadState | null;
  reactions: readonly Reaction[];
  pin: Pin | null;
  quote: Quote | null;
  /** Whether it is shown in its thread. */
  isInThread?: boolean;
  ability: Ability | null;
  range: TextRange | null;
  /** The version that the range is of. */
  version: number | undefined;
  isTarget: boolean;
  isEditing: boolean;
  onEdit: (messageId: string) => void;
  onEdited: () => void;
}

export function MessageRow(props: Props) {
  const { message, pending, isFirst, ability, isTarget, isEditing, onEdit, thread } = props;
  const { isInThread = false, reactions, pin, quote } = props;
  const me = useUser();
  // The bar is drawn for one message at a time: the one under the pointer or with the focus.
  const [isHovered, setIsHovered] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const [isArriving] = useState(
    () => pending === null && Date.now() - Date.parse(message.createdAt) < ARRIVING,
  );
  const isDeleted = message.deletedAt !== null;
  const canEdit = pending === null && canEditMessage(message, me.id);
  const canDelete = canDeleteMessage(message, me.id, ability);
  const threadId = message.threadId ?? message.id;
  const mayWrite = ability !== null && ability !== 'read';
  const canReply = !isInThread && (message.threadId !== null || (!isDeleted && mayWrite));
  const startQuote = () =>
    setQuoted(composerKey(message.spaceId, isInThread ? threadId : undefined), quoteOf(message));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || pending) return;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'e' && canEdit) onEdit(message.id);
    else if (event.key === 'q' && mayWrite && !isDeleted) startQuote();
    else if (event.key === 't' && canReply) openThread(message.spaceId, threadId);
    else if (event.key === '+' && mayWrite && !isDeleted) openReactions(event.currentTarget);
    else return;
    event.preventDefault();
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setIsFocused(false);
  };
  return (
    <article
      className={classes.row}
      data-first={isFirst || undefined}
      data-target={isTarget || undefined}
      data-arriving={isArriving || undefined}
      tabIndex={-1}
      aria-label={pending ? stateOf(pending) : nameOf(message)}
      onPointerEnter={() => setIsHovered(true)}
      onPointerLeave={() => setIsHovered(false)}
      onFocus={() => setIsFocused(true)}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      <div className={classes.side}>
        {isFirst ? (
          <Avatar id={message.author.id} name={message.author.name} />
        ) : (
          <time
            className={classes.quietTime}
            dateTime={message.createdAt}
            title={exact(message.createdAt)}
          >
            {shortClock(message.createdAt)}
          </time>
        )}
      </div>
      <div className={classes.body}>
        {isFirst && (
          <div className={classes.head}>
            <span className={classes.author} dir="auto">
              {message.author.name}
            </span>
            <time dateTime={message.createdAt} title={exact(message.createdAt)}>
              {clock(message.createdAt)}
            </time>
          </div>
        )}
        {!isInThread && message.threadId && (
          <RepliedMark spaceId={message.spaceId} threadId={threadId} />
        )}
        {pin && <PinnedMark spaceId={message.spaceId} pin={pin} />}
        {message.quote && !isDeleted && <QuotedMessage message={message} known={quote} />}
        <Body {...props} isDeleted={isDeleted} />
        {message.files.length > 0 && <Attachments files={message.files} />}
        {reactions.length > 0 && (
          <ReactionChips message={message} reactions={reactions} mayReact={mayWrite} />
        )}
        {!isInThread && thread && (
          <ThreadChip spaceId={message.spaceId} threadId={threadId} state={thread} />
        )}
        {pending && <PendingState pending={pending} />}
      </div>
      {(isHovered || isFocused) && !isDeleted && !isEditing && !pending && (
        <MessageActions
          message={message}
          canEdit={canEdit}
          canDelete={canDelete}
          onEdit={() => onEdit(message.id)}
          mayWrite={mayWrite}
          pin={pin}
          onQuote={mayWrite ? startQuote : null}
          onReply={canReply ? () => openThread(message.spaceId, threadId) : null}
        />
      )}
    </article>
  );
}

function Body({
  message,
  ability,
  range,
  version,
  isEditing,
  isTarget,
  onEdited,
  isDeleted,
}: Props & { isDeleted: boolean }) {
  if (isDeleted) return <p className={classes.deleted}>This message was deleted</p>;
  // The words of another version stand elsewhere, or nowhere.
  const isOther = version !== undefined && version !== message.version;
  const words = message.text !== '' && (
    <div className={classes.text} data-edited={message.editedAt !== null || undefined}>
      <Folded text={message.text} isOpen={isTarget}>
        <Markdown text={message.text} look="chat" range={isOther ? null : range} />
      </Folded>
      {message.editedAt && (
        <EditedMark message={message} ability={ability} isSinceCited={isOther && range !== null} />
      )}
    </div>
  );
  if (!isEditing) return words;
  return (
    <Suspense fallback={words}>
      <MessageEditor message={message} onDone={onEdited} />
    </Suspense>
  );
}

/** The bar of actions is there while the row has the focus. */
const openReactions = (row: Element) =>
  row.querySelector<HTMLElement>('[role="group"] [data-tip^="React"]')?.click();

const nameOf = (message: Message): string =>
  `Message from ${message.author.name}, ${exact(message.createdAt)}`;

const stateOf = ({ failure }: PendingMessage): string =>
  failure ? 'Message not sent' : 'Message being sent';
