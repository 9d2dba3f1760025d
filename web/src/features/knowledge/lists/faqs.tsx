import { SegmentedControl } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { Empty } from '../../../ui/empty.tsx';
import { Failed } from '../../../platform/failed.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { EntryRow } from './entry-row.tsx';
import classes from './entry-list.module.css';
import type { ShownEntry } from '../knowledge.events.ts';
import { useEntries } from '../knowledge.queries.ts';
import { NewButton } from './new-button.tsx';

type Shown = 'all' | 'open' | 'answered';

export function Faqs({ space, canWrite }: { space: Space; canWrite: boolean }) {
  const list = useEntries(space.id, 'faq');
  const [shown, setShown] = useState<Shown>('all');
  const all = list.data ?? [];
  const open = all.filter((one) => one.status === 'open');
  const faqs = shown === 'all' ? sortOpenFirst(all) : all.filter((one) => one.status === shown);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h2 className={classes.title}>FAQs</h2>
        {all.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label="Which questions to show"
            value={shown}
            onChange={setShown}
            data={[
              { value: 'all', label: `All ${all.length}` },
              { value: 'open', label: `Open ${open.length}` },
              { value: 'answered', label: `Answered ${all.length - open.length}` },
            ]}
          />
        )}
        {canWrite && all.length > 0 && <NewButton spaceId={space.id} kind="faq" />}
      </header>
      {list.isPending && <Lines label="Loading FAQs" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && faqs.length === 0 && <NoFaqs {...{ space, canWrite, shown }} />}
      {faqs.length > 0 && (
        <ul className={classes.list} aria-label="FAQs">
          {faqs.map((card) => (
            <EntryRow key={card.id} card={card} />
          ))}
        </ul>
      )}
    </div>
  );
}

function sortOpenFirst(cards: readonly ShownEntry[]): ShownEntry[] {
  return [
    ...cards.filter((one) => one.status === 'open'),
    ...cards.filter((one) => one.status !== 'open'),
  ];
}

function NoFaqs(props: { space: Space; canWrite: boolean; shown: Shown }) {
  const { space, canWrite, shown } = props;
  if (shown !== 'all') {
    return <Empty title={shown === 'open' ? 'No open questions' : 'No answered questions yet'} />;
  }
  return (
    <Empty
      icon={<IconHelpCircle size={24} />}
      title="No FAQs yet"
      action={canWrite && <NewButton spaceId={space.id} kind="faq" isMain />}
    >
      One question, one answer that everyone can improve. A question without an answer stays open
      for the team.
    </Empty>
  );
}
