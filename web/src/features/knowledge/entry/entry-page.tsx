import type { Entry } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Failed } from '../../../platform/failed.tsx';
import { hasDraft } from '../../../platform/drafts/drafts.ts';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { codeOf, messageOf } from '../../../platform/problem.ts';
import { noteRecent } from '../../../platform/recents.ts';
import { useTitle } from '../../../platform/title.ts';
import { Empty } from '../../../ui/empty.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { Documents } from '../lists/documents.tsx';
import { EditEntry, draftKey } from '../edit/edit-entry.tsx';
import classes from './entry-page.module.css';
import { EntryView } from './entry-view.tsx';
import { useEntry, useRestoreEntry } from '../knowledge.queries.ts';
import { useShowKind } from './shown-kind.ts';

interface Props {
  space: Space;
  canWrite: boolean;
  entryId: string;
  range: TextRange | null;
  version: number | undefined;
}

export function EntryPage(props: Props) {
  const { space, canWrite, entryId } = props;
  const entry = useEntry(space.id, entryId);
  useShowKind(entry.data?.kind);
  useNoteRecent(entry.data);
  useTitle(entry.data ? `${entry.data.title} · ${space.name}` : space.name);
  const content = <Content {...props} />;
  // The tree stays where it is while one goes from document to document.
  if (entry.data && entry.data.kind !== 'document') {
    return (
      <div className={classes.scroll} data-keep-scroll="entry">
        {content}
      </div>
    );
  }
  return (
    <Documents space={space} canWrite={canWrite}>
      {content}
    </Documents>
  );
}

/** Notes the page among those opened last; one that is gone is taken out. */
function useNoteRecent(entry: Entry | undefined): void {
  const { id, spaceId, kind, title } = entry ?? {};
  useEffect(() => {
    if (id && spaceId && kind && title) noteRecent({ entryId: id, spaceId, kind, title });
  }, [id, spaceId, kind, title]);
}

function Content({ space, canWrite, entryId, range, version }: Props) {
  const entry = useEntry(space.id, entryId);
  const code = codeOf(entry.error);
  if (code === 'gone') return <Gone spaceId={space.id} entryId={entryId} canWrite={canWrite} />;
  if (code === 'not-found' || code === 'invalid-request') {
    return (
      <Empty title="There is nothing here">The address may be wrong, or it was deleted.</Empty>
    );
  }
  if (entry.isPending) return <Lines label="Loading" />;
  if (entry.isError) {
    return (
      <div className={classes.page}>
        <Failed error={entry.error} onRetry={() => void entry.refetch()} />
      </div>
    );
  }
  return <Opened key={entryId} {...{ canWrite, range, version }} entry={entry.data} />;
}

interface OpenedProps {
  entry: Entry;
  canWrite: boolean;
  range: TextRange | null;
  version: number | undefined;
}

function Opened({ entry, canWrite, range, version }: OpenedProps) {
  const [isEditing, setIsEditing] = useState(false);
  if (isEditing && canWrite) return <EditEntry entry={entry} onDone={() => setIsEditing(false)} />;
  return (
    <EntryView
      entry={entry}
      canWrite={canWrite}
      hasDraft={hasDraft(draftKey(entry))}
      range={version === undefined || version === entry.version ? range : null}
      isChangedSince={range !== null && version !== undefined && version !== entry.version}
      onEdit={() => setIsEditing(true)}
    />
  );
}

function Gone(props: { spaceId: string; entryId: string; canWrite: boolean }) {
  const { spaceId, entryId, canWrite } = props;
  const restore = useRestoreEntry();
  return (
    <Empty
      icon={<IconTrash size={24} />}
      title="This was deleted"
      action={
        canWrite && (
          <Button loading={restore.isPending} onClick={() => restore.mutate({ spaceId, entryId })}>
            Restore
          </Button>
        )
      }
    >
      {restore.isError
        ? messageOf(restore.error)
        : 'It lies in the trash of this space, with all its revisions.'}
    </Empty>
  );
}
