import { FollowedThreads } from '../../features/chat/thread/followed-threads.tsx';

export function ThreadsPage() {
  return <FollowedThreads />;
}
