import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Entry } from '@teambrain/contract/knowledge.ts';
import {
  IconDots,
  IconFilePlus,
  IconHistory,
  IconLink,
  IconPencil,
  IconSparkles,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { MenuButton } from '../../../platform/menu/menu-button.tsx';
import { openPanel } from '../../../platform/panel.tsx';
import { useNotePlace } from '../../../platform/places/place.ts';
import { copyLink } from '../../../platform/copy.ts';
import { SaveButton } from '../../../platform/saved/save-button.tsx';
import { messageOf } from '../../../platform/problem.ts';
import { kinds } from '../kinds.ts';
import { useDeleteEntry, useRestoreEntry } from '../knowledge.queries.ts';

interface Props {
  entry: Entry;
  canWrite: boolean;
  onEdit: () => void;
}

export function EntryActions({ entry, canWrite, onEdit }: Props) {
  const navigate = useNavigate();
  const router = useRouter();
  const onDelete = useDeleteWithUndo(entry);
  const { spaceId, id: entryId, title } = entry;
  const onCopy = () => {
    const { href } = router.buildLocation({
      to: '/s/$spaceId/e/$entryId',
      params: { spaceId, entryId },
    });
    void copyLink(href);
  };
  const onNewInside = () =>
    void navigate({
      to: '/s/$spaceId/new',
      params: { spaceId },
      search: { kind: 'document', parent: entryId },
    });
  const { one } = kinds[entry.kind];
  return (
    <div style={{ display: 'flex', gap: 4, flex: 'none' }}>
      {canWrite && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPencil size={14} />}
          onClick={onEdit}
          aria-label="Edit"
        >
          Edit
        </Button>
      )}
      <SaveButton of={{ type: 'entry', id: entryId, spaceId }} size={30} />
      <MenuButton
        position="bottom-end"
        width={220}
        button={
          <ActionIcon size={30} aria-label={`More about this ${one}`}>
            <IconDots size={18} />
          </ActionIcon>
        }
        entries={() => [
          {
            label: 'Revisions',
            icon: IconHistory,
            onClick: () => openPanel({ kind: 'revisions', spaceId, entryId }),
          },
          {
            label: 'Summarise',
            icon: IconSparkles,
            isDisabled: !entry.markdown.trim(),
            onClick: () => openPanel({ kind: 'entry-summary', spaceId, entryId, title }),
          },
          { label: 'Copy link', icon: IconLink, onClick: onCopy },
          canWrite &&
            entry.kind === 'document' && {
              label: 'New document inside',
              icon: IconFilePlus,
              onClick: onNewInside,
            },
          canWrite && 'line',
          canWrite && { label: 'Delete', icon: IconTrash, onClick: onDelete },
        ]}
      />
    </div>
  );
}

/** Deleting can be undone, so it is not asked for; the way back stands in a toast. */
function useDeleteWithUndo(entry: Entry) {
  const navigate = useNavigate();
  const notePlace = useNotePlace();
  const remove = useDeleteEntry();
  const restore = useRestoreEntry();
  const { spaceId, id: entryId } = entry;
  const fail = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) });
  const undo = (toast: string) => {
    notifications.hide(toast);
    restore
      .mutateAsync({ spaceId, entryId })
      .then(() => navigate({ to: '/s/$spaceId/e/$entryId', params: { spaceId, entryId } }), fail);
  };
  return () => {
    const isHere = notePlace();
    remove.mutateAsync(entry).then(async () => {
      if (isHere()) await navigate({ to: kinds[entry.kind].list, params: { spaceId } });
      const toast = `deleted ${entryId}`;
      notifications.show({
        id: toast,
        autoClose: 10_000,
        message: (
          <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
            <span style={{ flex: 1, overflowWrap: 'anywhere' }}>
              “<bdi>{entry.title}</bdi>” is deleted
            </span>
            <Button size="compact-sm" variant="default" onClick={() => undo(toast)}>
              Undo
            </Button>
          </div>
        ),
      });
    }, fail);
  };
}
