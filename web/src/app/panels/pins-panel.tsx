import { PinnedList } from '../../features/chat/pins/pinned-list.tsx';
import { useSpace } from '../../features/spaces/spaces.queries.ts';
import { Failed } from '../../platform/failed.tsx';
import type { PanelView } from '../../platform/panel.tsx';
import { Lines } from '../../ui/lines.tsx';

export function PinsPanel({ view }: { view: PanelView }) {
  return view.kind === 'pins' ? <Inner key={view.spaceId} spaceId={view.spaceId} /> : null;
}

function Inner({ spaceId }: { spaceId: string }) {
  const space = useSpace(spaceId);
  if (space.isPending) return <Lines count={4} label="Loading pinned messages" />;
  if (space.isError) return <Failed error={space.error} onRetry={() => void space.refetch()} />;
  return <PinnedList space={space.data} />;
}
