import { Thread } from '../../features/chat/thread/thread.tsx';
import { useSpace } from '../../features/spaces/spaces.queries.ts';
import { Failed } from '../../platform/failed.tsx';
import type { PanelView } from '../../platform/panel.tsx';
import { Lines } from '../../ui/lines.tsx';

export function ThreadPanel({ view }: { view: PanelView }) {
  if (view.kind !== 'thread') return null;
  const { spaceId, threadId, target } = view;
  return <Inner key={`${threadId} ${target?.id ?? ''}`} {...{ spaceId, threadId, target }} />;
}

type ThreadView = Extract<PanelView, { kind: 'thread' }>;

function Inner({ spaceId, threadId, target }: Omit<ThreadView, 'kind'>) {
  const space = useSpace(spaceId);
  if (space.isPending) return <Lines count={4} label="Loading thread" />;
  if (space.isError) return <Failed error={space.error} onRetry={() => void space.refetch()} />;
  return <Thread space={space.data} threadId={threadId} target={target} />;
}
