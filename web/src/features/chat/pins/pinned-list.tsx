import { Button } from '@mantine/core';
import { listPins, type PinnedMessage } from '@teambrain/contract/pins.ts';
import { abilityIn, isEnough } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconPin } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failed } from '../../../platform/failed.tsx';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { closePanel } from '../../../platform/panel.tsx';
import { useCall, useUser } from '../../../platform/session.tsx';
import { sourceLink } from '../../../platform/source-link.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { WIDE } from '../../../ui/breakpoints.ts';
import { Empty } from '../../../ui/empty.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { Time } from '../../../ui/time.tsx';
import { chatKeys } from '../chat.events.ts';
import { Folded } from '../list/folded.tsx';
import classes from './pins.module.css';
import { usePin } from './use-pin.ts';

function usePins(spaceId: string) {
  const call = useCall();
  return useInfiniteQuery({
    queryKey: chatKeys.pins(spaceId),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 30, ...(pageParam && { after: pageParam }) };
      return call(listPins, { params: { spaceId }, query }, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}

/** What is pinned in a space, the last one first; each leads to its place in the chat. */
export function PinnedList({ space }: { space: Space }) {
  const list = usePins(space.id);
  const me = useUser();
  const mayUnpin = isEnough(abilityIn({ ...space, isAdministrator: me.isAdministrator }), 'write');
  const pinned = list.data?.pages.flatMap(({ items }) => items) ?? [];
  if (list.isPending) return <Lines count={4} label="Loading pinned messages" />;
  if (list.isError) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  if (pinned.length === 0) {
    return (
      <Empty icon={<IconPin size={24} />} title="Nothing is pinned yet">
        Pin what everyone in {space.name} should find again: choose More, then Pin, at a message.
      </Empty>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label="Pinned messages">
        {pinned.map((one) => (
          <li key={one.message.id}>
            <Card one={one} mayUnpin={mayUnpin} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt={12}
          fullWidth
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

/** A panel that covers the page closes when one goes to the page. */
function stepAside(): void {
  if (!window.matchMedia(WIDE).matches) closePanel();
}

function Card({ one, mayUnpin }: { one: PinnedMessage; mayUnpin: boolean }) {
  const { message, pin } = one;
  const unpin = usePin(message, pin);
  const { id, spaceId, author } = message;
  return (
    <article className={classes.card} aria-label={`Pinned message from ${author.name}`}>
      <div className={classes.head}>
        <Avatar id={author.id} name={author.name} size={20} />
        <bdi>{author.name}</bdi>
        <Time at={message.createdAt} />
      </div>
      <Folded text={message.text} isOpen={false}>
        <Markdown text={message.text} look="chat" range={null} />
      </Folded>
      <div className={classes.foot}>
        <span className={classes.by}>
          Pinned by <bdi>{pin.by.name}</bdi>, <Time at={pin.at} />
        </span>
        {mayUnpin && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void unpin()}>
            Unpin
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="default"
          onClick={stepAside}
          renderRoot={(props) => (
            <Link {...sourceLink({ type: 'message', id, spaceId })} {...props} />
          )}
        >
          Show in chat
        </Button>
      </div>
    </article>
  );
}
