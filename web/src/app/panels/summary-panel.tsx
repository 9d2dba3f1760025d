import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { SummaryView } from '../../features/summaries/summary-view.tsx';
import { openPanel, type PanelView } from '../../platform/panel.tsx';
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

export function ThreadSummaryPanel({ view }: { view: PanelView }) {
  const onOpen = useOpenSource();
  if (view.kind !== 'thread-summary') return null;
  const { spaceId, threadId } = view;
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        mb={8}
        leftSection={<IconArrowLeft size={14} />}
        onClick={() => openPanel({ kind: 'thread', spaceId, threadId })}
      >
        Back to the thread
      </Button>
      <SummaryView
        key={threadId}
        spaceId={spaceId}
        spaceName=""
        target={{ kind: 'thread', id: threadId }}
        label="Thread"
        onOpen={onOpen}
      />
    </>
  );
}
