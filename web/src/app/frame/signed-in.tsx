import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { OutboxProvider } from '../../features/chat/chat.outbox.tsx';
import { LiveProvider } from '../../platform/live.tsx';
import { useSession, useSessionState } from '../../platform/session.tsx';
import { openDrafts, useHasUnkept } from '../../platform/drafts/drafts.ts';
import { openRecents } from '../../platform/recents.ts';
import { startLive } from '../live-connection.ts';
import { Frame } from './frame.tsx';

/** Everything behind the sign-in: the connection, what is being sent, the frame. */
export function SignedIn() {
  const { user } = useSessionState();
  // For one moment after a log-out, until the router has left.
  if (!user) return null;
  return <Connected key={user.id} myId={user.id} />;
}

function Connected({ myId }: { myId: string }) {
  const session = useSession();
  const client = useQueryClient();
  const [connected, setConnected] = useState<ReturnType<typeof startLive> | null>(null);
  useEffect(() => {
    openDrafts(myId);
    openRecents(myId);
    const started = startLive(session, client, myId);
    setConnected(started);
    return started.close;
  }, [session, client, myId]);
  useWarnOfUnkept();
  if (!connected) return null;
  return (
    <LiveProvider value={connected.live}>
      <OutboxProvider>
        <Frame />
      </OutboxProvider>
    </LiveProvider>
  );
}

/** Where the browser keeps nothing, a reload would lose words: that is said, and asked before it. */
function useWarnOfUnkept(): void {
  const hasUnkept = useHasUnkept();
  useEffect(() => {
    if (!hasUnkept) return undefined;
    notifications.show({
      id: 'unkept',
      color: 'yellow',
      title: 'Unsent words are in this tab alone',
      message: 'This browser could not store them. Send or save them before you close the tab.',
      autoClose: false,
    });
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => {
      notifications.hide('unkept');
      window.removeEventListener('beforeunload', warn);
    };
  }, [hasUnkept]);
}
