import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
  IconUsersGroup,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { keepAllNow } from '../../features/chat/compose/draft/later.ts';
import { dropDrafts } from '../../platform/drafts/drafts.ts';
import { MenuButton } from '../../platform/menu/menu-button.tsx';
import { noteLeaving } from '../../platform/session-end.ts';
import { messageOf } from '../../platform/problem.ts';
import { useSession, useUser } from '../../platform/session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import classes from './sidebar.module.css';

const THEMES: { value: MantineColorScheme; label: string; icon: typeof IconSun }[] = [
  { value: 'auto', label: 'System theme', icon: IconDeviceDesktop },
  { value: 'light', label: 'Light theme', icon: IconSun },
  { value: 'dark', label: 'Dark theme', icon: IconMoon },
];

export function UserMenu({ onGo }: { onGo: () => void }) {
  const user = useUser();
  const session = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = (how: () => Promise<void>) => () => {
    noteLeaving(true);
    const leaving = keepAllNow().then(how);
    leaving.then(
      () => {
        dropDrafts(user.id);
        // Who left on purpose does not come back to the same page, nor does the next one.
        return navigate({ to: '/sign-in', search: {}, replace: true });
      },
      (error: unknown) => {
        noteLeaving(false);
        notifications.show({ color: 'red', message: messageOf(error) });
      },
    );
  };
  const go = (to: '/account' | '/groups') => () => {
    onGo();
    void navigate({ to });
  };
  return (
    <MenuButton
      position="top-start"
      width={248}
      button={
        <button type="button" className={classes.menu} aria-label={`Your menu, ${user.name}`}>
          <Avatar id={user.id} name={user.name} size={24} />
          <span dir="auto" className={`${classes.menuName} tb-wide`}>
            {user.name}
          </span>
          <IconSelector size={16} className={`${classes.caret} tb-wide`} aria-hidden />
        </button>
      }
      entries={() => [
        { heading: user.email },
        { label: 'Account', icon: IconUserCircle, onClick: go('/account') },
        { label: 'Groups', icon: IconUsersGroup, onClick: go('/groups') },
        'line',
        ...THEMES.map(({ value, label, icon }) => ({
          label,
          icon,
          isChosen: colorScheme === value,
          onClick: () => setColorScheme(value),
        })),
        'line',
        { label: 'Log out', icon: IconLogout, onClick: leave(() => session.logout()) },
        {
          label: 'Log out everywhere',
          icon: IconLogout,
          onClick: leave(() => session.logoutAll()),
        },
      ]}
    />
  );
}
