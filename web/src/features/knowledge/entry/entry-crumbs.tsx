import type { Entry } from '@teambrain/contract/knowledge.ts';
import { Link } from '@tanstack/react-router';
import classes from './entry-page.module.css';
import { kinds } from '../kinds.ts';
import { useEntries } from '../knowledge.queries.ts';
import { pathTo } from '../lists/tree.ts';

export function EntryCrumbs({ entry }: { entry: Entry }) {
  const { spaceId, kind } = entry;
  const list = useEntries(spaceId, kind);
  const path = kind === 'document' ? pathTo(list.data ?? [], entry.id) : [];
  return (
    <nav className={classes.crumbs} aria-label="Breadcrumb">
      <Link to={kinds[kind].list} params={{ spaceId }}>
        {kinds[kind].many}
      </Link>
      {path.map((card) => (
        <span key={card.id}>
          <span aria-hidden>/ </span>
          <Link to="/s/$spaceId/e/$entryId" params={{ spaceId, entryId: card.id }}>
            <bdi>{card.title}</bdi>
          </Link>
        </span>
      ))}
    </nav>
  );
}
