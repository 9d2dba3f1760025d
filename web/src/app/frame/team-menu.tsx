import { IconChevronDown, IconKeyboard, IconLayoutGrid, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useInstance } from '../../features/auth/auth.queries.ts';
import { MenuButton } from '../../platform/menu/menu-button.tsx';
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
    <MenuButton
      position="bottom-start"
      width={240}
      button={
        <button type="button" className={classes.menu} aria-label="TeamBrain menu">
          <span className={classes.menuName}>
            <Logo isSmall />
          </span>
          <IconChevronDown size={16} className={`${classes.caret} tb-wide`} aria-hidden />
        </button>
      }
      entries={() => [
        {
          label: 'Browse spaces',
          icon: IconLayoutGrid,
          onClick: run(() => navigate({ to: '/spaces' })),
        },
        { label: 'Create a space', icon: IconPlus, onClick: run(openCreateSpace) },
        { label: 'Keyboard shortcuts', icon: IconKeyboard, onClick: run(openShortcuts) },
        'line',
        { heading: <Version /> },
      ]}
    />
  );
}

/** Asked for when the menu opens. */
function Version() {
  const instance = useInstance();
  return <>TeamBrain {instance.data?.version}</>;
}
