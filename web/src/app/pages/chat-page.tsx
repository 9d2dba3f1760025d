import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Chat } from '../../features/chat/chat.tsx';
import { useJoinSpace } from '../../features/spaces/spaces.queries.ts';
import { messageOf } from '../../platform/problem.ts';
import { useTitle } from '../../platform/title.ts';
import classes from './chat-page.module.css';
import { useThisSpace } from './space-context.ts';

export function ChatPage() {
  const space = useThisSpace();
  useTitle(space.name);
  const { message, start, end, v } = useSearch({ from: '/signed-in/s/$spaceId/' });
  const target = useMemo(() => {
    if (!message) return undefined;
    const range = start === undefined || end === undefined ? null : { start, end };
    return { id: message, range, version: v };
  }, [message, start, end, v]);
  return <Chat key={space.id} space={space} target={target} door={<ReaderBar />} />;
}

function ReaderBar() {
  const space = useThisSpace();
  const join = useJoinSpace();
  const fail = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) });
  return (
    <div className={classes.bar}>
      <span>
        You are reading <bdi>{space.name}</bdi>. Join it to write.
      </span>
      <Button size="xs" onClick={() => void join(space.id).catch(fail)}>
        Join <bdi>{space.name}</bdi>
      </Button>
    </div>
  );
}
