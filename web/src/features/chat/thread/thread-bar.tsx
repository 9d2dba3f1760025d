import type { Space } from '@teambrain/contract/spaces.ts';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBell, IconBellCheck, IconSparkles } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { openPanel } from '../../../platform/panel.tsx';
import { messageOf } from '../../../platform/problem.ts';
import { sourceLink } from '../../../platform/source-link.ts';
import type { ThreadWindow } from '../chat.events.ts';
import classes from './thread.module.css';
import { useFollowThread } from './thread.queries.ts';

/** Where a thread is, and what can be done with it. */
export function ThreadBar({ space, thread }: { space: Space; thread: ThreadWindow }) {
  const { root, following } = thread;
  const follow = useFollowThread(space.id, root.id);
  const onFollow = () =>
    follow.mutate(!following, {
      onError: (error) => notifications.show({ color: 'red', message: messageOf(error) }),
    });
  const Icon = following ? IconBellCheck : IconBell;
  return (
    <div className={classes.bar}>
      <span className={classes.where}>
        in{' '}
        <Link {...sourceLink({ type: 'message', id: root.id, spaceId: space.id })}>
          <bdi>{space.name}</bdi>
        </Link>
      </span>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<Icon size={14} />}
        aria-pressed={following}
        loading={follow.isPending}
        onClick={onFollow}
      >
        {following ? 'Following' : 'Follow'}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconSparkles size={14} />}
        disabled={thread.state.replies === 0}
        onClick={() => openPanel({ kind: 'thread-summary', spaceId: space.id, threadId: root.id })}
      >
        Summarise
      </Button>
    </div>
  );
}
