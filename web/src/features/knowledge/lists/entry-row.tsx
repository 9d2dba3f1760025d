import { Link } from '@tanstack/react-router';
import { Chip } from '../../../ui/chip.tsx';
import { Time } from '../../../ui/time.tsx';
import classes from './entry-list.module.css';
import { statuses } from '../kinds.ts';
import type { ShownEntry } from '../knowledge.events.ts';

export function EntryRow({ card, hasStatus = true }: { card: ShownEntry; hasStatus?: boolean }) {
  const { label, tone } = statuses[card.status];
  return (
    <li>
      <Link
        to="/s/$spaceId/e/$entryId"
        params={{ spaceId: card.spaceId, entryId: card.id }}
        className={classes.row}
      >
        <span className={classes.name}>
          <bdi>{card.title}</bdi>
          {card.excerpt && (
            <span className={classes.excerpt} dir="auto">
              {card.excerpt}
            </span>
          )}
        </span>
        <span className={classes.meta}>
          {hasStatus && <Chip tone={tone}>{label}</Chip>}
          <span className={classes.when}>
            <Time at={card.updatedAt} /> by <bdi>{card.updatedBy.name}</bdi>
          </span>
        </span>
      </Link>
    </li>
  );
}
