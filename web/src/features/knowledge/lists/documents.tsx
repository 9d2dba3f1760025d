import { Button } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconFileText, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../../ui/empty.tsx';
import { Failed } from '../../../platform/failed.tsx';
import { Resizer } from '../../../platform/layout/resizer.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { DocumentTree } from './document-tree.tsx';
import classes from './documents.module.css';
import listClasses from './entry-list.module.css';
import { EntryRow } from './entry-row.tsx';
import type { ShownEntry } from '../knowledge.events.ts';
import { useEntries } from '../knowledge.queries.ts';
import { NewButton } from './new-button.tsx';

interface Props {
  space: Space;
  canWrite: boolean;
  /** The open document; without it the tree has the page to itself on small screens. */
  children?: ReactNode;
}

/** The tree of documents, beside the one that is open. */
export function Documents({ space, canWrite, children }: Props) {
  const list = useEntries(space.id, 'document');
  const isEmpty = list.data?.length === 0;
  // Then the page has one thing to say, in its middle.
  const isPlain = !children && (isEmpty || list.isError);
  return (
    <div className={classes.split} data-open={children !== undefined || undefined}>
      {!isPlain && (
        <div className={classes.side}>
          <div className={classes.head}>
            <h2>Documents</h2>
            {canWrite && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                leftSection={<IconPlus size={14} />}
                renderRoot={(props) => (
                  <Link
                    to="/s/$spaceId/new"
                    params={{ spaceId: space.id }}
                    search={{ kind: 'document' }}
                    {...props}
                  />
                )}
              >
                New document
              </Button>
            )}
          </div>
          {list.isPending && <Lines label="Loading documents" />}
          {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && <DocumentTree cards={list.data} spaceId={space.id} />}
        </div>
      )}
      {!isPlain && (
        // Beside the tree, not in it: it does not scroll.
        <div className={`${classes.edge} tb-wide`}>
          <Resizer part="tree" />
        </div>
      )}
      <div className={classes.main} data-keep-scroll="entry">
        {children ??
          (isEmpty ? (
            <Empty
              icon={<IconFileText size={24} />}
              title="No documents yet"
              action={canWrite && <NewButton spaceId={space.id} kind="document" isMain />}
            >
              Write down what the team should not have to ask for again.
            </Empty>
          ) : list.isError ? (
            <div className={listClasses.page}>
              <Failed error={list.error} onRetry={() => void list.refetch()} />
            </div>
          ) : (
            list.data && <LatestDocuments cards={list.data} />
          ))}
      </div>
    </div>
  );
}

/** How many documents are shown where none is open. */
const LATEST = 12;

/** Where none is open: what was changed last, with how it begins. */
function LatestDocuments({ cards }: { cards: readonly ShownEntry[] }) {
  const latest = cards.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)).slice(0, LATEST);
  return (
    <section className={listClasses.page} aria-label="Changed last">
      <h2 className={listClasses.title}>Changed last</h2>
      <ul className={listClasses.list}>
        {latest.map((card) => (
          <EntryRow key={card.id} card={card} hasStatus={false} />
        ))}
      </ul>
    </section>
  );
}
