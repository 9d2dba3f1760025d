import { IconPencil } from '@tabler/icons-react';
import { useDrafts } from '../../platform/drafts/on-server.ts';
import { useScheduled } from '../../platform/drafts/on-server.ts';
import { Failed } from '../../platform/failed.tsx';
import { useTitle } from '../../platform/title.ts';
import { Empty } from '../../ui/empty.tsx';
import { Lines } from '../../ui/lines.tsx';
import { DraftList } from './draft-list.tsx';
import { ScheduledList } from './scheduled-list.tsx';
import classes from './drafts-page.module.css';

/** What one has begun to write and not sent, and what is sent later. */
export function DraftsPage() {
  useTitle('Drafts & scheduled');
  const drafts = useDrafts();
  const later = useScheduled();
  const failed = [drafts, later].find(({ isError }) => isError);
  const retry = () => void Promise.all([drafts.refetch(), later.refetch()]);
  const scheduled = later.data ?? [];
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Drafts &amp; scheduled</h1>
      {(drafts.isPending || later.isPending) && <Lines label="Loading drafts" />}
      {failed && <Failed error={failed.error} onRetry={retry} />}
      {scheduled.length > 0 && (
        <section aria-label="Scheduled messages">
          <h2 className={classes.group}>Scheduled</h2>
          <ScheduledList items={scheduled} />
        </section>
      )}
      {drafts.data && drafts.data.length > 0 && (
        <section aria-label="Drafts of messages">
          <h2 className={classes.group}>Drafts</h2>
          <DraftList items={drafts.data} />
        </section>
      )}
      {drafts.data?.length === 0 && later.data?.length === 0 && (
        <Empty icon={<IconPencil size={24} />} title="No drafts">
          What you write and do not send waits here, in every window of yours, and so does what you
          send later. Only you see it.
        </Empty>
      )}
    </div>
  );
}
