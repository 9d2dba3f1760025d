import { Alert, Button } from '@mantine/core';
import type { Entry } from '@teambrain/contract/knowledge.ts';
import { useEffect, useRef } from 'react';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { useShortcuts } from '../../../platform/keys/shortcuts.ts';
import { Chip } from '../../../ui/chip.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Time } from '../../../ui/time.tsx';
import { EntryActions } from './entry-actions.tsx';
import { EntryCrumbs } from './entry-crumbs.tsx';
import classes from './entry-page.module.css';
import { kinds, statuses } from '../kinds.ts';
import { Outline, useOutline } from './outline.tsx';

interface Props {
  entry: Entry;
  canWrite: boolean;
  /** Whether unsaved words lie here. */
  hasDraft: boolean;
  range: TextRange | null;
  /** Whether the cited words are those of an older version. */
  isChangedSince: boolean;
  onEdit: () => void;
}

export function EntryView({ entry, canWrite, hasDraft, range, isChangedSince, onEdit }: Props) {
  const text = useRef<HTMLDivElement>(null);
  const outline = useOutline(text, entry.markdown);
  useScrollToMark(text, range, entry.version);
  useShortcuts(canWrite ? { e: onEdit } : {});
  const { label, tone } = statuses[entry.status];
  return (
    <div className={classes.page} data-outline={outline.length > 1 || undefined}>
      <article className={classes.article}>
        <div className={classes.head}>
          <EntryCrumbs entry={entry} />
          <EntryActions entry={entry} canWrite={canWrite} onEdit={onEdit} />
        </div>
        <h2 className={classes.title} dir="auto">
          {entry.title}
        </h2>
        <div className={classes.meta}>
          {entry.kind !== 'document' && <Chip tone={tone}>{label}</Chip>}
          {entry.kind === 'decision' && (
            <span>
              Proposed <Time at={entry.createdAt} /> by <bdi>{entry.author.name}</bdi>
            </span>
          )}
          {(entry.version > 1 || entry.kind !== 'decision') && (
            <span>
              {entry.version > 1 ? 'Edited ' : 'Written '}
              <Time at={entry.updatedAt} /> by <bdi>{entry.updatedBy.name}</bdi>
            </span>
          )}
          <span>Version {entry.version}</span>
        </div>
        {isChangedSince && (
          <Alert
            className={classes.note}
            color="yellow"
            title="This was changed since it was cited"
          >
            You see the present version; the cited words may have moved or gone.
          </Alert>
        )}
        {hasDraft && canWrite && (
          <Alert className={classes.note} color="petrol" title="You have unsaved changes here">
            <Button size="xs" mt={8} onClick={onEdit}>
              Go on editing
            </Button>
          </Alert>
        )}
        <div ref={text} key={entry.version} className={classes.arriving}>
          {entry.markdown.trim() ? (
            <Markdown text={entry.markdown} range={range} />
          ) : (
            <NoText entry={entry} canWrite={canWrite} onEdit={onEdit} />
          )}
        </div>
      </article>
      {outline.length > 1 && <Outline headings={outline} />}
    </div>
  );
}

function NoText({ entry, canWrite, onEdit }: Pick<Props, 'entry' | 'canWrite' | 'onEdit'>) {
  const isFaq = entry.kind === 'faq';
  return (
    <Empty
      title={isFaq ? 'No answer yet' : `This ${kinds[entry.kind].one} is empty`}
      action={
        canWrite && (
          <Button onClick={onEdit}>{isFaq ? 'Write an answer' : 'Write something'}</Button>
        )
      }
    >
      {isFaq
        ? 'Anyone in this space who knows it can write the answer. Search and Ask find it from then on.'
        : ''}
    </Empty>
  );
}

/** Brings the marked words into sight, once per range. */
function useScrollToMark(
  text: React.RefObject<HTMLElement | null>,
  range: TextRange | null,
  version: number,
): void {
  const start = range?.start;
  useEffect(() => {
    if (start === undefined) return;
    text.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
  }, [text, start, version]);
}
