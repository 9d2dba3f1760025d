import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Revision } from '@teambrain/contract/knowledge.ts';
import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { Failed } from '../../../platform/failed.tsx';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { codeOf, messageOf } from '../../../platform/problem.ts';
import { Failure } from '../../../ui/failure.tsx';
import { Lines } from '../../../ui/lines.tsx';
import { Time } from '../../../ui/time.tsx';
import { useEntry, useRestoreRevision, useRevisions } from '../knowledge.queries.ts';
import classes from './revisions.module.css';

interface Props {
  spaceId: string;
  entryId: string;
  canWrite: boolean;
}

export function Revisions({ spaceId, entryId, canWrite }: Props) {
  const list = useRevisions(spaceId, entryId);
  const entry = useEntry(spaceId, entryId);
  const [shown, setShown] = useState<Revision | null>(null);
  if (list.isPending) return <Lines label="Loading revisions" />;
  if (list.isError) {
    return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (shown) {
    return (
      <OneRevision
        revision={shown}
        entry={entry.data}
        canRestore={canWrite && shown.version !== entry.data?.version}
        onBack={() => setShown(null)}
      />
    );
  }
  return (
    <>
      <ol className={classes.list} aria-label="Revisions">
        {list.data.pages
          .flatMap((page) => page.items)
          .map((revision) => (
            <li key={revision.version}>
              <button type="button" className={classes.row} onClick={() => setShown(revision)}>
                <span className={classes.version}>
                  Version {revision.version}
                  {revision.version === entry.data?.version && ' (present)'}
                </span>
                <span className={classes.dim}>
                  <Time at={revision.createdAt} /> by <bdi>{revision.author.name}</bdi>
                </span>
              </button>
            </li>
          ))}
      </ol>
      {list.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt={12}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show older versions
        </Button>
      )}
    </>
  );
}

interface OneProps {
  revision: Revision;
  entry: ReturnType<typeof useEntry>['data'];
  canRestore: boolean;
  onBack: () => void;
}

function OneRevision({ revision, entry, canRestore, onBack }: OneProps) {
  const restore = useRestoreRevision(entry);
  const onRestore = () =>
    restore.mutate(revision, {
      onSuccess: () => {
        notifications.show({ message: `Version ${revision.version} is restored as a new version` });
        onBack();
      },
    });
  return (
    <>
      <div className={classes.bar}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconArrowLeft size={14} />}
          onClick={onBack}
        >
          All versions
        </Button>
        {canRestore && (
          <Button size="compact-sm" loading={restore.isPending} onClick={onRestore}>
            Restore this version
          </Button>
        )}
      </div>
      {restore.isError && (
        <Failure
          message={
            codeOf(restore.error) === 'stale-version'
              ? 'Someone changed this in the meantime. Look at the newest version, then restore again.'
              : messageOf(restore.error)
          }
        />
      )}
      <p className={classes.dim}>
        Version {revision.version}, <Time at={revision.createdAt} /> by{' '}
        <bdi>{revision.author.name}</bdi>
      </p>
      <h3 className={classes.title} dir="auto">
        {revision.title}
      </h3>
      <Markdown text={revision.markdown} look="chat" />
    </>
  );
}
