import { SummaryView } from '../../features/summaries/summary-view.tsx';
import type { PanelView } from '../../platform/panel.tsx';
import { useOpenSource } from './use-open-source.ts';

export function SummaryPanel({ view }: { view: PanelView }) {
  const onOpen = useOpenSource();
  if (view.kind !== 'summary') return null;
  const { spaceId, spaceName, from, label } = view;
  return (
    <SummaryView
      key={`${spaceId} ${from ?? ''}`}
      spaceId={spaceId}
      spaceName={spaceName}
      target={{ kind: 'space', ...(from && { from }) }}
      label={label}
      onOpen={onOpen}
    />
  );
}

export function EntrySummaryPanel({ view }: { view: PanelView }) {
  const onOpen = useOpenSource();
  if (view.kind !== 'entry-summary') return null;
  const { spaceId, entryId, title } = view;
  return (
    <SummaryView
      key={entryId}
      spaceId={spaceId}
      spaceName=""
      target={{ kind: 'entry', id: entryId }}
      label={title}
      onOpen={onOpen}
    />
  );
}
