import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Message } from '@teambrain/contract/chat.ts';
import { IconLink, IconMailOpened, IconMessage2, IconPencil, IconTrash } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { copyLink } from '../../../platform/copy.ts';
import { messageOf } from '../../../platform/problem.ts';
import { sourceLink } from '../../../platform/source-link.ts';
import { markUnread, useMark } from '../../../platform/unread.ts';
import { isInStream } from '../chat.events.ts';
import { ReactButton } from '../reactions/react-button.tsx';
import { useDeleteMessage } from '../chat.queries.ts';
import classes from './message-actions.module.css';

interface Props {
  message: Message;
  canEdit: boolean;
  canDelete: boolean;
  mayReact: boolean;
  onEdit: () => void;
  /** Opens its thread; null where it is shown in it already. */
  onReply: (() => void) | null;
}

export function MessageActions(props: Props) {
  const { message, canEdit, canDelete, mayReact, onEdit, onReply } = props;
  const [isAsking, setIsAsking] = useState(false);
  const router = useRouter();
  // Who only reads a public space keeps no mark, and a reply stands in no stream.
  const hasMark = useMark(message.spaceId) !== null && isInStream(message);
  const onUnread = () => {
    const fail = (error: unknown) =>
      notifications.show({ color: 'red', message: messageOf(error) });
    void markUnread(message.spaceId, message.seq).catch(fail);
  };
  const onCopy = () => {
    const link = sourceLink({ type: 'message', id: message.id, spaceId: message.spaceId });
    const href = router.buildLocation(link).href;
    void copyLink(href);
  };
  if (isAsking) return <ConfirmDeletion message={message} onCancel={() => setIsAsking(false)} />;
  return (
    <div className={classes.bar} role="group" aria-label="Message actions">
      {mayReact && <ReactButton message={message} look="bar" />}
      {onReply && (
        <Tooltip label="Reply in thread (t)">
          <ActionIcon size="md" aria-label="Reply in thread" onClick={onReply}>
            <IconMessage2 size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {canEdit && (
        <Tooltip label="Edit">
          <ActionIcon size="md" aria-label="Edit message" onClick={onEdit}>
            <IconPencil size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Copy link">
        <ActionIcon size="md" aria-label="Copy link to message" onClick={onCopy}>
          <IconLink size={16} />
        </ActionIcon>
      </Tooltip>
      {hasMark && (
        <Tooltip label="Mark unread from here">
          <ActionIcon size="md" aria-label="Mark unread from here" onClick={onUnread}>
            <IconMailOpened size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {canDelete && (
        <Tooltip label="Delete">
          <ActionIcon size="md" aria-label="Delete message" onClick={() => setIsAsking(true)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      )}
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
