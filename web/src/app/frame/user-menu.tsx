import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { dropDrafts } from '../../platform/drafts/drafts.ts';
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
    how().then(
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
  return (
    <Menu position="top-start" width={248} loop>
      <Menu.Target>
        <button type="button" className={classes.menu} aria-label={`Your menu, ${user.name}`}>
          <Avatar id={user.id} name={user.name} size={24} />
          <span dir="auto" className={`${classes.menuName} tb-wide`}>
            {user.name}
          </span>
          <IconSelector size={16} className={`${classes.caret} tb-wide`} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconUserCircle size={16} />}
          onClick={() => {
            onGo();
            void navigate({ to: '/account' });
          }}
        >
          Account
        </Menu.Item>
        <Menu.Divider />
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {THEMES.map(({ value, label, icon: Icon }) => (
            <Menu.RadioItem
              key={value}
              value={value}
              closeMenuOnClick={false}
              rightSection={<Icon size={16} />}
            >
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave(() => session.logout())}>
          Log out
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={leave(() => session.logoutAll())}
        >
          Log out everywhere
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
