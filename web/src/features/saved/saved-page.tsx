import { ActionIcon } from '@mantine/core';
import type { Saved } from '@teambrain/contract/saved.ts';
import { IconBookmark, IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Failed } from '../../platform/failed.tsx';
import { dueWords } from '../../platform/saved/due-choices.ts';
import { SaveButton } from '../../platform/saved/save-button.tsx';
import { isDue, useDueClock, useSave, useSaved } from '../../platform/saved/saved.ts';
import { sourceLink, sourceName } from '../../platform/source-link.ts';
import { useTitle } from '../../platform/title.ts';
import { Empty } from '../../ui/empty.tsx';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { Lines } from '../../ui/lines.tsx';
import { plain } from '../../ui/plain-text.ts';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './saved-page.module.css';

/** What one has saved for later: what is due first, then what has a date, then the rest. */
export function SavedPage() {
  useTitle('Saved');
  const list = useSaved();
  const items = list.data ?? [];
  const now = useDueClock(items);
  const byDate = (a: Saved, b: Saved) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1);
  const groups = [
    { name: 'Due', items: items.filter((one) => isDue(one, now)).sort(byDate) },
    { name: 'Later', items: items.filter((one) => one.dueAt && !isDue(one, now)).sort(byDate) },
    { name: 'Without a date', items: items.filter(({ dueAt }) => dueAt === null) },
  ].filter((group) => group.items.length > 0);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Saved</h1>
      {list.isPending && <Lines label="Loading what you saved" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <Empty icon={<IconBookmark size={24} />} title="Nothing is saved">
          Save a message or a page for later, with a date or without. Only you see what you saved.
        </Empty>
      )}
      {groups.map(({ name, items }) => (
        <section key={name} aria-label={name}>
          <h2 className={classes.group}>{name}</h2>
          <ul className={classes.list}>
            {items.map((one) => (
              <li key={`${one.source.spaceId} ${one.source.id}`}>
                <Row one={one} isDue={name === 'Due'} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Row({ one, isDue }: { one: Saved; isDue: boolean }) {
  const { source, text, dueAt, savedAt } = one;
  const save = useSave();
  return (
    <div className={classes.row}>
      <Link {...sourceLink(source)} className={classes.link}>
        <span className={classes.meta}>
          <KindIcon kind={source.kind} size={14} />
          <bdi>{sourceName(source)}</bdi>
          <SpaceIcon visibility={source.spaceVisibility} size={12} />
          <bdi>{source.spaceName}</bdi>
        </span>
        <span className={classes.words} dir="auto">
          {plain(text)}
        </span>
        <span className={classes.at} data-due={isDue || undefined}>
          {dueAt ? (
            dueWords(dueAt)
          ) : (
            <>
              saved <Time at={savedAt} />
            </>
          )}
        </span>
      </Link>
      <div className={classes.tools}>
        <SaveButton of={source} />
        <ActionIcon
          data-tip="Done: remove from Saved"
          size="md"
          aria-label="Done"
          onClick={() => void save(source, undefined)}
        >
          <IconCheck size={16} />
        </ActionIcon>
      </div>
    </div>
  );
}
