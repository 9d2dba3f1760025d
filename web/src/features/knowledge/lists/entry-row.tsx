import type { EntryCard } from '@teambrain/contract/knowledge.ts';
import { Link } from '@tanstack/react-router';
import { Chip } from '../../../ui/chip.tsx';
import { Time } from '../../../ui/time.tsx';
import classes from './entry-list.module.css';
import { statuses } from '../kinds.ts';

export function EntryRow({ card }: { card: EntryCard }) {
  const { label, tone } = statuses[card.status];
  return (
    <li>
      <Link
        to="/s/$spaceId/e/$entryId"
        params={{ spaceId: card.spaceId, entryId: card.id }}
        className={classes.row}
      >
        <span className={classes.name}>{card.title}</span>
        <span className={classes.meta}>
          <Chip tone={tone}>{label}</Chip>
          <span className={classes.when}>
            <Time at={card.updatedAt} /> by {card.updatedBy.name}
          </span>
        </span>
      </Link>
    </li>
  );
}
