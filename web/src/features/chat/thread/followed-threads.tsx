import type { FollowedThread } from '@teambrain/contract/threads.ts';
import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { Failed } from '../../../platform/failed.tsx';
import { useTitle } from '../../../platform/title.ts';
import { count } from '../../../platform/words.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { plain } from '../../../ui/plain-text.ts';
import { SpaceIcon } from '../../../ui/space-icon.tsx';
import { Time } from '../../../ui/time.tsx';
import { openThread } from '../list/thread-chip.tsx';
import classes from './followed-threads.module.css';
import { useFollowedThreads } from './thread.queries.ts';

/** The threads one follows, wherever they are; each opens beside the list. */
export function FollowedThreads() {
  useTitle('Threads');
  const list = useFollowedThreads();
  const threads = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Threads</h1>
      {list.isPending && <Lines label="Loading threads" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && threads.length === 0 && (
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
  const { id, spaceId, spaceName, spaceVisibility, root, state, last } = thread;
  return (
    <button type="button" className={classes.card} onClick={() => openThread(spaceId, id)}>
      <span className={classes.meta}>
        <SpaceIcon visibility={spaceVisibility} size={12} />
        <bdi>{spaceName}</bdi>
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
