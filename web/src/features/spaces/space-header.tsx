import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { abilityIn } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import {
  IconChecks,
  IconDots,
  IconDoorExit,
  IconPin,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { openPanel } from '../../platform/panel.tsx';
import { dialogLater } from '../../platform/later.tsx';
import { MenuButton } from '../../platform/menu/menu-button.tsx';
import { codeOf, messageOf } from '../../platform/problem.ts';
import { useUser } from '../../platform/session.tsx';
import { markAllRead, useUnread } from '../../platform/unread.ts';
import { count } from '../../platform/words.ts';
import { SpaceMark } from '../../ui/space-mark.tsx';
import { GuessingNotice } from './guessing-notice.tsx';
import classes from './space-header.module.css';
import { useJoinSpace, useLeaveSpace } from './spaces.queries.ts';

const MembersModal = dialogLater(() =>
  import('./members-modal.tsx').then((module) => module.MembersModal),
);
const SettingsModal = dialogLater(() =>
  import('./settings-modal.tsx').then((module) => module.SettingsModal),
);

interface Props {
  space: Space;
  /** The tabs, and what is at their right. */
  tabs: ReactNode;
  tools: ReactNode;
  /** What small screens have at the ends of the row. */
  lead: ReactNode;
  trail: ReactNode;
}

/** One row: the space, its tabs, what can be done; on small screens the tabs have a row below. */
export function SpaceHeader({ space, tabs, tools, lead, trail }: Props) {
  const [open, setOpen] = useState<'members' | 'settings' | null>(null);
  const close = () => setOpen(null);
  return (
    <header className={classes.header} data-page-bar>
      <div className={classes.row}>
        {lead}
        <h1 className={classes.name} title={space.description ?? undefined}>
          <SpaceMark space={space} size={24} />
          <span dir="auto">{space.name}</span>
        </h1>
        {space.memberCount !== null && (
          <Button
            data-tip="Members and roles"
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconUsers size={16} />}
            onClick={() => setOpen('members')}
            aria-label={count(space.memberCount, 'member')}
          >
            {space.memberCount}
          </Button>
        )}
        <div className={classes.tabs}>{tabs}</div>
        <div className={classes.tools}>
          {tools}
          <SpaceMenu space={space} onSettings={() => setOpen('settings')} />
          {trail}
        </div>
      </div>
      <GuessingNotice space={space} onChange={() => setOpen('settings')} />
      <MembersModal space={space} isOpen={open === 'members'} onClose={close} />
      <SettingsModal space={space} isOpen={open === 'settings'} onClose={close} />
    </header>
  );
}

function SpaceMenu({ space, onSettings }: { space: Space; onSettings: () => void }) {
  const user = useUser();
  const join = useJoinSpace();
  const leave = useLeaveSpace();
  const isUnread = useUnread().has(space.id);
  const ability = abilityIn({ ...space, isAdministrator: user.isAdministrator });
  const fail = (error: unknown) => {
    const isLast = codeOf(error) === 'last-owner';
    const message = isLast
      ? 'You are the last owner. Make someone else an owner first.'
      : messageOf(error);
    notifications.show({ color: 'red', message });
  };
  if (space.role === null) {
    return (
      <Button size="compact-sm" onClick={() => void join(space.id).catch(fail)}>
        Join space
      </Button>
    );
  }
  return (
    <MenuButton
      position="bottom-end"
      button={
        <ActionIcon aria-label="More about this space" size="md">
          <IconDots size={18} />
        </ActionIcon>
      }
      entries={() => [
        {
          label: 'Mark all as read',
          icon: IconChecks,
          isDisabled: !isUnread,
          onClick: () => void markAllRead(space.id).catch(fail),
        },
        {
          label: 'Pinned messages',
          icon: IconPin,
          onClick: () => openPanel({ kind: 'pins', spaceId: space.id }),
        },
        ability === 'manage' && {
          label: 'Space settings',
          icon: IconSettings,
          onClick: onSettings,
        },
        {
          label: 'Leave space',
          icon: IconDoorExit,
          onClick: () => void leave(space.id).catch(fail),
        },
      ]}
    />
  );
}
