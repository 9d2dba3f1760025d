import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  cancelScheduled,
  sendScheduled,
  type ListedScheduled,
  type SendFailure,
} from '@teambrain/contract/scheduled.ts';
import { IconPencil, IconSend2, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { scheduledKey } from '../../platform/drafts/on-server.ts';
import { dialogLater } from '../../platform/later.tsx';
import { messageOf } from '../../platform/problem.ts';
import { dueWords } from '../../platform/saved/due-choices.ts';
import { useCall } from '../../platform/session.tsx';
import { PlaceLink } from './place-link.tsx';
import classes from './drafts-page.module.css';

const EditScheduled = dialogLater(() =>
  import('./edit-scheduled.tsx').then((module) => module.EditScheduled),
);

const REASONS: Record<SendFailure, string> = {
  rights: 'Not sent: you could not write there any more',
  gone: 'Not sent: what it replies to was deleted',
  refused: 'Not sent: it cannot be sent as it is',
  failed: 'Not sent: something went wrong on the server',
};

/** Messages that are sent later, the first one first; those that could not be sent say why. */
export function ScheduledList({ items }: { items: readonly ListedScheduled[] }) {
  const [editing, setEditing] = useState<ListedScheduled | null>(null);
  return (
    <>
      <ul className={classes.list} aria-label="Scheduled">
        {items.map((one) => (
          <li key={one.id} className={classes.row}>
            <PlaceLink place={one}>
              {one.failure === null ? (
                dueWords(one.sendAt)
              ) : (
                <span className={classes.failure}>{REASONS[one.failure]}</span>
              )}
            </PlaceLink>
            <Tools one={one} onEdit={() => setEditing(one)} />
          </li>
        ))}
      </ul>
      <EditScheduled
        messageId={editing?.id ?? null}
        isOpen={editing !== null}
        onClose={() => setEditing(null)}
      />
    </>
  );
}

function Tools({ one, onEdit }: { one: ListedScheduled; onEdit: () => void }) {
  const call = useCall();
  const client = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const run = (endpoint: typeof sendScheduled | typeof cancelScheduled) => () => {
    setIsBusy(true);
    const params = { messageId: one.id };
    void call<typeof sendScheduled | typeof cancelScheduled>(endpoint, { params })
      .catch((error: unknown) => notifications.show({ color: 'red', message: messageOf(error) }))
      .then(() => client.invalidateQueries({ queryKey: scheduledKey }))
      .finally(() => setIsBusy(false));
  };
  return (
    <div className={classes.tools}>
      <Tool label="Change the words or the time" onClick={onEdit}>
        <IconPencil size={16} />
      </Tool>
      <Tool label="Send now" isBusy={isBusy} onClick={run(sendScheduled)}>
        <IconSend2 size={16} />
      </Tool>
      <Tool label="Do not send: delete it" isBusy={isBusy} onClick={run(cancelScheduled)}>
        <IconTrash size={16} />
      </Tool>
    </div>
  );
}

interface ToolProps {
  label: string;
  isBusy?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, isBusy = false, onClick, children }: ToolProps) {
  return (
    <ActionIcon size="lg" data-tip={label} aria-label={label} disabled={isBusy} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}
