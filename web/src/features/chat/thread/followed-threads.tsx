import type { FollowedThread } from '@teambrain/contract/threads.ts';
import { Button, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChecks, IconMessages } from '@tabler/icons-react';
import { useState } from 'react';
import { Failed } from '../../../platform/failed.tsx';
import { messageOf } from '../../../platform/problem.ts';
import { useUnreadThreads } from '../../../platform/unread-threads.ts';
import { useTitle } from '../../../platform/title.ts';
import { count, upTo99 } from '../../../platform/words.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { plain } from '../../../ui/plain-text.ts';
import { SpaceIcon } from '../../../ui/space-icon.tsx';
import { Time } from '../../../ui/time.tsx';
import { openThread } from '../list/thread-chip.tsx';
import classes from './followed-threads.module.css';
import { useFollowedThreads, useReadAllThreads } from './thread.queries.ts';

/** The threads one follows, wherever they are; each opens beside the list. */
export function FollowedThreads() {
  useTitle('Threads');
  const unread = useUnreadThreads();
  const [shown, setShown] = useState<'unread' | 'all'>('all');
  const list = useFollowedThreads(shown === 'unread');
  const readAll = useReadAllThreads();
  const fail = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) });
  const threads = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Threads</h1>
        <SegmentedControl
          size="xs"
          aria-label="Which threads"
          value={shown}
          onChange={(value) => setShown(value === 'unread' ? 'unread' : 'all')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'unread', label: unread > 0 ? `Unread ${upTo99(unread)}` : 'Unread' },
          ]}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconChecks size={14} />}
          disabled={unread === 0}
          loading={readAll.isPending}
          onClick={() => readAll.mutate(undefined, { onError: fail })}
        >
          Mark all read
        </Button>
      </div>
      {list.isPending && <Lines label="Loading threads" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && threads.length === 0 && shown === 'unread' && (
        <Empty icon={<IconChecks size={24} />} title="You have read everything">
          New replies in threads you follow show up here.
        </Empty>
      )}
      {list.isSuccess && threads.length === 0 && shown === 'all' && (
        <Empty icon={<IconMessages size={24} />} title="You follow no thread yet">
          You follow a thread when you reply in it, when someone replies to your message, or when
          you choose Follow in it.
        </Empty>
      )}
      {threads.length > 0 && (
        <ul className={classes.list}>
          {threads.map((thread) => (
            <li key={thread.id}>
              <ThreadCard thread={thread} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more threads
        </Button>
      )}
    </div>
  );
}

function ThreadCard({ thread }: { thread: FollowedThread }) {
  const { id, spaceId, spaceName, spaceVisibility, root, state, last, unread } = thread;
  return (
    <button
      type="button"
      className={classes.card}
      data-unread={unread > 0 || undefined}
      onClick={() => openThread(spaceId, id)}
    >
      <span className={classes.meta}>
        <SpaceIcon visibility={spaceVisibility} size={12} />
        <bdi>{spaceName}</bdi>
        {unread > 0 && <span className={classes.unread}>{upTo99(unread)} new</span>}
        <span className={classes.at}>
          {count(state.replies, 'reply', 'replies')} · <Time at={last.createdAt} />
        </span>
      </span>
      <Said message={root} isRoot />
      <Said message={last} />
    </button>
  );
}

function Said({ message, isRoot = false }: { message: FollowedThread['root']; isRoot?: boolean }) {
  const { author, text, deletedAt } = message;
  return (
    <span className={classes.said} data-root={isRoot || undefined}>
      <Avatar id={author.id} name={author.name} size={20} />
      <span className={classes.words} dir="auto">
        <b>{author.name}</b> {deletedAt === null ? plain(text) : <i>This message was deleted</i>}
      </span>
    </span>
  );
}
