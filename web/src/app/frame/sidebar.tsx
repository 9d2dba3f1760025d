import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconBookmark,
  IconChecks,
  IconHome,
  IconLayoutGrid,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconMessages,
  IconPlus,
  IconSearch,
  IconSparkles,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { SpaceList } from '../../features/spaces/space-list.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { modKey } from '../../platform/keys/shortcuts.ts';
import { Failed } from '../../platform/failed.tsx';
import { messageOf } from '../../platform/problem.ts';
import { useSavedCounts } from '../../platform/saved/saved.ts';
import { markAllRead, useUnread } from '../../platform/unread.ts';
import { useUnreadThreads } from '../../platform/unread-threads.ts';
import { countUpTo99, upTo99 } from '../../platform/words.ts';
import { Lines } from '../../ui/lines.tsx';
import { DraftsLink } from './drafts-link.tsx';
import { openCreateSpace, openSearch } from './dialogs.ts';
import { toggleSidebar, useLayout } from '../../platform/layout/layout.ts';
import { Resizer } from '../../platform/layout/resizer.tsx';
import classes from './sidebar.module.css';
import { TeamMenu } from './team-menu.tsx';
import { UserMenu } from './user-menu.tsx';

interface Props {
  /** Called when something in it leads elsewhere, so that a drawer closes. */
  onGo: () => void;
  /** Whether it can be made a column of icons. */
  canCollapse?: boolean;
}

export function Sidebar({ onGo, canCollapse = false }: Props) {
  const isSmall = useLayout().isSmall && canCollapse;
  const spaces = useJoinedSpaces();
  const run = (action: () => void) => () => {
    onGo();
    action();
  };
  return (
    <nav className={classes.bar} data-small={isSmall || undefined} aria-label="Main">
      <div className={classes.top}>
        <TeamMenu onGo={onGo} />
        {canCollapse && <CollapseButton isSmall={isSmall} />}
      </div>
      <button
        type="button"
        className={classes.search}
        aria-label="Search"
        onClick={run(openSearch)}
      >
        <IconSearch size={16} aria-hidden />
        <span className="tb-wide">Search</span>
        <kbd aria-hidden>{modKey}K</kbd>
      </button>
      <div className={classes.links}>
        <Link
          to="/"
          className={classes.link}
          activeOptions={{ exact: true }}
          activeProps={{ 'data-active': true }}
          title={isSmall ? 'Home' : undefined}
          onClick={onGo}
        >
          <IconHome size={16} aria-hidden /> <span className="tb-wide">Home</span>
        </Link>
        <Link
          to="/threads"
          className={classes.link}
          activeProps={{ 'data-active': true }}
          title={isSmall ? 'Threads' : undefined}
          onClick={onGo}
        >
          <IconMessages size={16} aria-hidden /> <span className="tb-wide">Threads</span>
          <UnreadReplies />
        </Link>
        <DraftsLink isSmall={isSmall} onGo={onGo} />
        <SavedLink isSmall={isSmall} onGo={onGo} />
        <Link
          to="/ask"
          className={classes.link}
          activeProps={{ 'data-active': true }}
          title={isSmall ? 'Ask' : undefined}
          onClick={onGo}
        >
          <IconSparkles size={16} aria-hidden /> <span className="tb-wide">Ask</span>
        </Link>
      </div>
      <div className={classes.head}>
        <h2 className="tb-wide">Spaces</h2>
        <MarkAllRead />
        <ActionIcon
          data-tip="Browse spaces"
          size="md"
          aria-label="Browse spaces"
          renderRoot={(props) => <Link to="/spaces" {...props} onClick={onGo} />}
        >
          <IconLayoutGrid size={16} />
        </ActionIcon>
        <ActionIcon
          data-tip="Create a space"
          size="md"
          aria-label="Create a space"
          onClick={run(openCreateSpace)}
        >
          <IconPlus size={16} />
        </ActionIcon>
      </div>
      <div className={classes.spaces}>
        {spaces.isPending && <Lines count={4} label="Loading spaces" />}
        {spaces.isError && <Failed error={spaces.error} onRetry={() => void spaces.refetch()} />}
        {spaces.data && <SpaceList spaces={spaces.data} isSmall={isSmall} onGo={onGo} />}
        {spaces.data?.length === 0 && !isSmall && (
          <p className={classes.none}>
            You have joined no space yet.{' '}
            <Link to="/spaces" onClick={onGo}>
              Browse spaces
            </Link>
          </p>
        )}
      </div>
      <UserMenu onGo={onGo} />
      {canCollapse && <Resizer part="sidebar" />}
    </nav>
  );
}

function UnreadReplies() {
  const unread = useUnreadThreads();
  if (unread === 0) return null;
  return (
    <span
      className={classes.count}
      data-due
      role="img"
      aria-label={countUpTo99(unread, 'new reply', 'new replies')}
    >
      {upTo99(unread)}
    </span>
  );
}

/** With how much is saved, standing out while some of it is due. */
function SavedLink({ isSmall, onGo }: { isSmall: boolean; onGo: () => void }) {
  const { all, due } = useSavedCounts();
  const words = due > 0 ? `${due} due` : `${all} saved`;
  return (
    <Link
      to="/saved"
      className={classes.link}
      activeProps={{ 'data-active': true }}
      title={isSmall ? 'Saved' : undefined}
      onClick={onGo}
    >
      <IconBookmark size={16} aria-hidden /> <span className="tb-wide">Saved</span>
      {all > 0 && (
        <span
          className={classes.count}
          data-due={due > 0 || undefined}
          role="img"
          aria-label={words}
        >
          {upTo99(due || all)}
        </span>
      )}
    </Link>
  );
}

/** There as long as anything is unread. */
function MarkAllRead() {
  const isUnread = useUnread().size > 0;
  const fail = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) });
  if (!isUnread) return null;
  return (
    <ActionIcon
      data-tip="Mark all spaces as read"
      className="tb-wide"
      size="md"
      aria-label="Mark all spaces as read"
      onClick={() => void markAllRead().catch(fail)}
    >
      <IconChecks size={16} />
    </ActionIcon>
  );
}

function CollapseButton({ isSmall }: { isSmall: boolean }) {
  const label = isSmall ? 'Expand the side bar' : 'Collapse the side bar';
  const Icon = isSmall ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <ActionIcon
      data-tip={`${label} ([)`}
      className={classes.collapse}
      size="md"
      aria-label={label}
      onClick={toggleSidebar}
    >
      <Icon size={16} />
    </ActionIcon>
  );
}
