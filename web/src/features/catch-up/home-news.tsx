import type { CatchUp, SpaceNews } from '@teambrain/contract/catch-up.ts';
import type { ListedEntry } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { Link } from '@tanstack/react-router';
import { useUnread } from '../../platform/unread.ts';
import { countUpTo99 } from '../../platform/words.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceMark } from '../../ui/space-mark.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './home-news.module.css';

interface Props {
  spaces: readonly Space[];
  news: CatchUp | undefined;
  /** The visit before this one (ISO), null at the first. */
  since: string | null;
  myId: string;
}

/** What changed in each space, the latest first; beside it open questions and what one edited. */
export function HomeNews({ spaces, news, since, myId }: Props) {
  const bySpace = new Map(news?.spaces.map((one) => [one.spaceId, one]));
  const latestFirst = spaces.toSorted((a, b) =>
    latestOf(bySpace.get(b.id)).localeCompare(latestOf(bySpace.get(a.id))),
  );
  return (
    <div className={classes.columns}>
      <section aria-labelledby="your-spaces">
        <h2 id="your-spaces" className={classes.group}>
          Your spaces
        </h2>
        <ul className={classes.list}>
          {latestFirst.map((space) => (
            <SpaceCard
              key={space.id}
              space={space}
              news={bySpace.get(space.id)}
              since={since}
              myId={myId}
            />
          ))}
        </ul>
      </section>
      <div className={classes.side}>
        <EntryList title="Open questions" entries={news?.questions ?? []} spaces={spaces} />
        <EntryList title="You edited" entries={news?.edited ?? []} spaces={spaces} />
      </div>
    </div>
  );
}

function latestOf(news: SpaceNews | undefined): string {
  const changed = news?.changes[0]?.updatedAt ?? '';
  const said = news?.latest?.at ?? '';
  return changed > said ? changed : said;
}

interface CardProps extends Omit<Props, 'spaces' | 'news'> {
  space: Space;
  news: SpaceNews | undefined;
}

function SpaceCard({ space, news, since, myId }: CardProps) {
  const unread = useUnread().get(space.id) ?? 0;
  const at = latestOf(news);
  return (
    <li className={classes.card}>
      <Link to="/s/$spaceId" params={{ spaceId: space.id }} className={classes.space}>
        <SpaceMark space={space} size={32} />
        <span className={classes.about}>
          <span className={classes.line}>
            <span className={classes.name} dir="auto">
              {space.name}
            </span>
            {unread > 0 && (
              <span className={classes.fresh}>{countUpTo99(unread, 'new message')}</span>
            )}
            {at && (
              <span className={classes.when}>
                <Time at={at} />
              </span>
            )}
          </span>
          <span className={classes.said} dir="auto">
            {news ? lastWords(news, space) : '\u00a0'}
          </span>
        </span>
      </Link>
      {news && news.changes.length > 0 && (
        <ul className={classes.changes}>
          {news.changes.map((entry) => (
            <li key={entry.id}>
              <EntryLink entry={entry} isNew={isNew(entry, since, myId)}>
                <bdi>{entry.updatedBy.name}</bdi>, <Time at={entry.updatedAt} />
              </EntryLink>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function isNew(entry: ListedEntry, since: string | null, myId: string): boolean {
  return since !== null && entry.updatedAt > since && entry.updatedBy.id !== myId;
}

function lastWords({ latest, changes }: SpaceNews, { description }: Space): string {
  if (latest) return `${latest.author}: ${latest.excerpt}`;
  if (description) return description;
  return changes.length > 0 ? 'Nothing was said here yet' : 'Nothing here yet. Say the first word.';
}

interface EntryListProps {
  title: string;
  entries: readonly ListedEntry[];
  spaces: readonly Space[];
}

function EntryList({ title, entries, spaces }: EntryListProps) {
  if (entries.length === 0) return null;
  const nameOf = (id: string) => spaces.find((space) => space.id === id)?.name ?? '';
  return (
    <section aria-label={title}>
      <h2 className={classes.group}>{title}</h2>
      <ul className={classes.entries}>
        {entries.map((entry) => (
          <li key={entry.id}>
            <EntryLink entry={entry}>
              {nameOf(entry.spaceId)}, <Time at={entry.updatedAt} />
            </EntryLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface EntryLinkProps {
  entry: ListedEntry;
  isNew?: boolean;
  children: React.ReactNode;
}

function EntryLink({ entry, isNew: hasDot = false, children }: EntryLinkProps) {
  return (
    <Link
      to="/s/$spaceId/e/$entryId"
      params={{ spaceId: entry.spaceId, entryId: entry.id }}
      className={classes.entry}
    >
      <KindIcon kind={entry.kind} />
      <span className={classes.about}>
        <span className={classes.title}>
          <bdi>{entry.title}</bdi>
          {hasDot && <span className={classes.dot} role="img" aria-label="New since you left" />}
        </span>
        <span className={classes.dim}>{children}</span>
      </span>
    </Link>
  );
}
