import type { Citation } from '@teambrain/contract/citation.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { SummaryView } from '../../features/summaries/summary-view.tsx';
import { closePanel, type PanelView } from '../../platform/panel.tsx';
import { sourceLink } from '../../platform/source-link.ts';
import { WIDE } from '../../ui/breakpoints.ts';

/** Opens the source; a panel that covers the page steps aside. */
function useOpenSource() {
  const navigate = useNavigate();
  const isBeside = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  return (citation: Citation) => {
    if (!isBeside) closePanel();
    void navigate(sourceLink(citation.source, citation));
  };
}

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
