import { statusesOf, type EntryStatus } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconGavel } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Empty } from '../../../ui/empty.tsx';
import { Failed } from '../../../platform/failed.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { Time } from '../../../ui/time.tsx';
import classes from './decisions.module.css';
import listClasses from './entry-list.module.css';
import { statuses } from '../kinds.ts';
import type { ShownEntry } from '../knowledge.events.ts';
import { useEntries } from '../knowledge.queries.ts';
import { NewButton } from './new-button.tsx';

/** Decisions by status, within each the latest first on a line of time. */
export function Decisions({ space, canWrite }: { space: Space; canWrite: boolean }) {
  const list = useEntries(space.id, 'decision');
  const all = list.data ?? [];
  return (
    <div className={listClasses.page}>
      <header className={listClasses.head}>
        <h2 className={listClasses.title}>Decisions</h2>
        {canWrite && all.length > 0 && <NewButton spaceId={space.id} kind="decision" />}
      </header>
      {list.isPending && <Lines label="Loading decisions" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && all.length === 0 && (
        <Empty
          icon={<IconGavel size={24} />}
          title="No decisions yet"
          action={canWrite && <NewButton spaceId={space.id} kind="decision" isMain />}
        >
          Record what was decided and why, so that nobody has to dig for it later.
        </Empty>
      )}
      {statusesOf.decision.map((status) => (
        <Group key={status} status={status} cards={all.filter((one) => one.status === status)} />
      ))}
    </div>
  );
}

function Group({ status, cards }: { status: EntryStatus; cards: readonly ShownEntry[] }) {
  if (cards.length === 0) return null;
  const latestFirst = cards.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const { label } = statuses[status];
  return (
    <section aria-label={label}>
      <h3 className={listClasses.group}>
        {label} {cards.length}
      </h3>
      <ol className={classes.line} data-status={status}>
        {latestFirst.map((card) => (
          <li key={card.id} className={classes.point}>
            <div className={classes.when}>
              <Time at={card.updatedAt} />
            </div>
            <Link
              to="/s/$spaceId/e/$entryId"
              params={{ spaceId: card.spaceId, entryId: card.id }}
              className={classes.link}
            >
              <bdi>{card.title}</bdi>
            </Link>
            <div className={classes.who}>
              {card.excerpt && <p dir="auto">{card.excerpt}</p>}
              Proposed by <bdi>{card.author.name}</bdi>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
