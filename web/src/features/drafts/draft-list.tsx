import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { putDraft, type ListedDraft } from '@teambrain/contract/drafts.ts';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { draftsKey } from '../../platform/drafts/on-server.ts';
import { messageOf } from '../../platform/problem.ts';
import { useCall } from '../../platform/session.tsx';
import { Time } from '../../ui/time.tsx';
import { PlaceLink } from './place-link.tsx';
import classes from './drafts-page.module.css';

/** Drafts, the last changed first; each opens where it is written. */
export function DraftList({ items }: { items: readonly ListedDraft[] }) {
  return (
    <ul className={classes.list} aria-label="Drafts">
      {items.map((draft) => (
        <li key={`${draft.spaceId} ${draft.threadId}`} className={classes.row}>
          <PlaceLink place={draft}>
            <Time at={draft.updatedAt} />
          </PlaceLink>
          <Discard draft={draft} />
        </li>
      ))}
    </ul>
  );
}

function Discard({ draft }: { draft: ListedDraft }) {
  const call = useCall();
  const client = useQueryClient();
  const { spaceId, threadId, version } = draft;
  const discard = async () => {
    const body = { threadId, text: '', base: version };
    await call(putDraft, { params: { spaceId }, body }).catch((error: unknown) => {
      notifications.show({ color: 'red', message: messageOf(error) });
    });
    await client.invalidateQueries({ queryKey: draftsKey });
  };
  return (
    <ActionIcon
      className={classes.tools}
      size="lg"
      data-tip="Discard the draft"
      aria-label={`Discard the draft in ${draft.spaceName}`}
      onClick={() => void discard()}
    >
      <IconTrash size={16} />
    </ActionIcon>
  );
}
