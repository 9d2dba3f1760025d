import { ActionIcon, Tooltip } from '@mantine/core';
import { IconHome, IconPlus, IconSearch, IconSparkles, IconLayoutGrid } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { SpaceList } from '../../features/spaces/space-list.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { modKey } from '../../platform/shortcuts.ts';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { openCreateSpace, openSearch } from './dialogs.ts';
import classes from './sidebar.module.css';
import { TeamMenu } from './team-menu.tsx';
import { UserMenu } from './user-menu.tsx';

/** `onGo` is called when something in it leads elsewhere, so that a drawer closes. */
export function Sidebar({ onGo }: { onGo: () => void }) {
  const spaces = useJoinedSpaces();
  const run = (action: () => void) => () => {
    onGo();
    action();
  };
  return (
    <nav className={classes.bar} aria-label="Main">
      <TeamMenu onGo={onGo} />
      <button type="button" className={classes.search} onClick={run(openSearch)}>
        <IconSearch size={16} aria-hidden />
        <span>Search</span>
        <kbd aria-hidden>{modKey}K</kbd>
      </button>
      <div className={classes.links}>
        <Link
          to="/"
          className={classes.link}
          activeOptions={{ exact: true }}
          activeProps={{ 'data-active': true }}
          onClick={onGo}
        >
          <IconHome size={16} aria-hidden /> Home
        </Link>
        <Link
          to="/ask"
          className={classes.link}
          activeProps={{ 'data-active': true }}
          onClick={onGo}
        >
          <IconSparkles size={16} aria-hidden /> Ask
        </Link>
      </div>
      <div className={classes.head}>
        <h2>Spaces</h2>
        <Tooltip label="Browse spaces">
          <ActionIcon
            size="md"
            aria-label="Browse spaces"
            renderRoot={(props) => <Link to="/spaces" {...props} onClick={onGo} />}
          >
            <IconLayoutGrid size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Create a space">
          <ActionIcon size="md" aria-label="Create a space" onClick={run(openCreateSpace)}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.spaces}>
        {spaces.isPending && <Lines count={4} label="Loading spaces" />}
        {spaces.isError && <Failed error={spaces.error} onRetry={() => void spaces.refetch()} />}
        {spaces.data && <SpaceList spaces={spaces.data} onGo={onGo} />}
        {spaces.data?.length === 0 && (
          <p className={classes.none}>
            You have joined no space yet.{' '}
            <Link to="/spaces" onClick={onGo}>
              Browse spaces
            </Link>
          </p>
        )}
      </div>
      <UserMenu onGo={onGo} />
    </nav>
  );
}
