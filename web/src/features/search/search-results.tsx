import type { SearchHit } from '@teambrain/contract/search.ts';
import type { Ref } from 'react';
import type { SearchAction } from './search-action.ts';
import { ActionItem, HitItem } from './search-items.tsx';
import classes from './search-dialog.module.css';

interface Props {
  ref: Ref<HTMLDivElement>;
  /** Of the dialog: ids of what is in it begin with it. */
  id: string;
  query: string;
  hits: readonly SearchHit[];
  /** What the group of hits is called. */
  found: string;
  /** Whether the hits are those of an older query. */
  isStale: boolean;
  /** Actions that are called what was typed: before the hits. */
  commands: readonly SearchAction[];
  /** Other actions, recent items first. */
  rows: readonly SearchAction[];
  hasNothing: boolean;
  /** Position of the chosen one among hits and rows. */
  at: number;
  onPoint: (index: number) => void;
  onOpen: (index: number) => void;
}

/** What the search found, what was open lately, and what can be done, in one list. */
export function SearchResults(props: Props) {
  const { ref, id, query, hits, found, commands, rows, at, onPoint, onOpen } = props;
  const recent = rows.filter((action) => action.isRecent).length;
  const behind = commands.length + hits.length;
  const groups = [
    { title: 'Recent', actions: rows.slice(0, recent), from: behind },
    {
      title: props.hasNothing ? 'Next' : 'Actions',
      actions: rows.slice(recent),
      from: behind + recent,
    },
  ];
  const itemOf = (place: number) => ({
    id: `${id}-${place}`,
    isActive: place === at,
    onPoint: () => onPoint(place),
    onOpen: () => onOpen(place),
  });
  const group = ({ title, actions, from }: (typeof groups)[number]) =>
    actions.length > 0 && (
      <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
        <div id={`${id}-${title}`} className={classes.title}>
          {title}
        </div>
        {actions.map((action, index) => (
          <ActionItem key={action.id} action={action} query={query} {...itemOf(from + index)} />
        ))}
      </div>
    );
  return (
    <div ref={ref} id={`${id}-list`} role="listbox" aria-label="Results" className={classes.list}>
      {group({ title: 'Commands', actions: [...commands], from: 0 })}
      {hits.length > 0 && (
        <div role="group" aria-labelledby={`${id}-found`} data-stale={props.isStale || undefined}>
          <div id={`${id}-found`} className={classes.title}>
            {found}
          </div>
          {hits.map((hit, index) => (
            <HitItem
              key={`${hit.source.id} ${hit.start ?? ''}`}
              hit={hit}
              {...itemOf(commands.length + index)}
            />
          ))}
        </div>
      )}
      {groups.map(group)}
    </div>
  );
}
