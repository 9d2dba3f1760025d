import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Message, Pin } from '@teambrain/contract/chat.ts';
import { IconMessage2, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '../../../platform/problem.ts';
import { SaveButton } from '../../../platform/saved/save-button.tsx';
import { ReactButton } from '../reactions/react-button.tsx';
import { useDeleteMessage } from '../chat.queries.ts';
import classes from './message-actions.module.css';
import { MoreMenu } from './more-menu.tsx';

interface Props {
  message: Message;
  canEdit: boolean;
  canDelete: boolean;
  mayWrite: boolean;
  pin: Pin | null;
  /** Quotes it in the composer; null for who may not write. */
  onQuote: (() => void) | null;
  onEdit: () => void;
  /** Opens its thread; null where it is shown in it already. */
  onReply: (() => void) | null;
}

export function MessageActions(props: Props) {
  const { message, canEdit, canDelete, mayWrite, onEdit, onReply, onQuote, pin } = props;
  const [isAsking, setIsAsking] = useState(false);
  if (isAsking) return <ConfirmDeletion message={message} onCancel={() => setIsAsking(false)} />;
  return (
    <div className={classes.bar} role="group" aria-label="Message actions">
      {mayWrite && <ReactButton message={message} look="bar" />}
      {onReply && (
        <ActionIcon
          data-tip="Reply in thread (t)"
          size="md"
          aria-label="Reply in thread"
          onClick={onReply}
        >
          <IconMessage2 size={16} />
        </ActionIcon>
      )}
      <SaveButton of={{ type: 'message', id: message.id, spaceId: message.spaceId }} />
      {canEdit && (
        <ActionIcon data-tip="Edit" size="md" aria-label="Edit message" onClick={onEdit}>
          <IconPencil size={16} />
        </ActionIcon>
      )}
      {canDelete && (
        <ActionIcon
          data-tip="Delete"
          size="md"
          aria-label="Delete message"
          onClick={() => setIsAsking(true)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
      <MoreMenu message={message} pin={pin} mayPin={mayWrite} onQuote={onQuote} />
    </div>
  );
}

/** A deleted message cannot be brought back, so it is asked for once, in place. */
function ConfirmDeletion({ message, onCancel }: { message: Message; onCancel: () => void }) {
  const remove = useDeleteMessage();
  const onDelete = () =>
    remove.mutate(message, {
      onError: (error) => notifications.show({ color: 'red', message: messageOf(error) }),
    });
  return (
    <div
      className={classes.bar}
      role="group"
      aria-label="Delete this message for everyone?"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <span className={classes.ask}>Delete for everyone?</span>
      <Button size="compact-xs" color="red" loading={remove.isPending} onClick={onDelete} autoFocus>
        Delete
      </Button>
      <Button size="compact-xs" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
