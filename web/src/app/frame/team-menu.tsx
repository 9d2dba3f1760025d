import { Menu } from '@mantine/core';
import { IconChevronDown, IconKeyboard, IconLayoutGrid, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useInstance } from '../../features/auth/auth.queries.ts';
import { Logo } from '../../ui/logo.tsx';
import { openCreateSpace, openShortcuts } from './dialogs.ts';
import classes from './sidebar.module.css';

export function TeamMenu({ onGo }: { onGo: () => void }) {
  const navigate = useNavigate();
  const run = (action: () => unknown) => () => {
    onGo();
    action();
  };
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <button type="button" className={classes.menu} aria-label="TeamBrain menu">
          <span className={classes.menuName}>
            <Logo isSmall />
          </span>
          <IconChevronDown size={16} className={`${classes.caret} tb-wide`} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLayoutGrid size={16} />}
          onClick={run(() => navigate({ to: '/spaces' }))}
        >
          Browse spaces
        </Menu.Item>
        <Menu.Item leftSection={<IconPlus size={16} />} onClick={run(openCreateSpace)}>
          Create a space
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={run(openShortcuts)}>
          Keyboard shortcuts
        </Menu.Item>
        <Version />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Asked for when the menu opens. */
function Version() {
  const instance = useInstance();
  if (!instance.data) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>TeamBrain {instance.data.version}</Menu.Label>
    </>
  );
}
