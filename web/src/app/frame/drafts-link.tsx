import { notifications } from '@mantine/notifications';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useDrafts } from '../../platform/drafts/on-server.ts';
import { useScheduled } from '../../platform/drafts/on-server.ts';
import { count, upTo99 } from '../../platform/words.ts';
import classes from './sidebar.module.css';

/** With how much was begun and not sent, or is sent later; standing out where something was not sent. */
export function DraftsLink({ isSmall, onGo }: { isSmall: boolean; onGo: () => void }) {
  const drafts = useDrafts((items) => items.length).data ?? 0;
  const list = useScheduled();
  const scheduled = list.data ?? [];
  const notSent = scheduled.filter(({ failure }) => failure !== null);
  const failed = notSent.length;
  useTellOfFailures(list.data && notSent.map(({ id }) => id).join());
  const all = drafts + scheduled.length;
  const words = [
    failed > 0 && `${failed} not sent`,
    drafts > 0 && count(drafts, 'draft'),
    scheduled.length > 0 && `${scheduled.length} scheduled`,
  ];
  return (
    <Link
      to="/drafts"
      className={classes.link}
      activeProps={{ 'data-active': true }}
      title={isSmall ? 'Drafts & scheduled' : undefined}
      onClick={onGo}
    >
      <IconPencil size={16} aria-hidden /> <span className="tb-wide">Drafts &amp; scheduled</span>
      {all > 0 && (
        <span
          className={classes.count}
          data-due={failed > 0 || undefined}
          role="img"
          aria-label={words.filter(Boolean).join(', ')}
        >
          {upTo99(failed || all)}
        </span>
      )}
    </Link>
  );
}

/** Says so when a message could not be sent while this window is open. */
function useTellOfFailures(ids: string | undefined): void {
  const told = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (ids === undefined) return;
    const failed = new Set(ids ? ids.split(',') : []);
    const before = told.current;
    told.current = failed;
    if (!before || [...failed].every((id) => before.has(id))) return;
    notifications.show({
      id: 'not-sent',
      color: 'red',
      message:
        'A scheduled message could not be sent. It is in Drafts & scheduled with the reason.',
    });
  }, [ids]);
}
