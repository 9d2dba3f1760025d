import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { SearchHit } from '@teambrain/contract/search.ts';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { count } from '../../platform/words.ts';
import { MOVE } from '../../ui/theme.ts';
import { Failed } from '../../platform/failed.tsx';
import type { SearchAction } from './search-action.ts';
import { ActionItem, HitItem } from './search-items.tsx';
import classes from './search-dialog.module.css';
import { useSearch } from './search.queries.ts';

interface Props {
  onClose: () => void;
  onHit: (hit: SearchHit) => void;
  actions: readonly SearchAction[];
}

/** Milliseconds of silence before the typed words are searched for. */
const PAUSE = 120;

export function SearchDialog({ onClose, onHit, actions }: Props) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  // Enter came before the results: it is for them, not for what is shown meanwhile.
  const [isWaiting, setIsWaiting] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const query = typed.trim().slice(0, 400);
  const [settled] = useDebouncedValue(query, PAUSE);
  const search = useSearch(settled);
  const hits = useMemo(() => (query ? (search.data?.items ?? []) : []), [query, search.data]);
  const isSettled = query === settled && !search.isFetching;
  const hasNothing = query !== '' && isSettled && hits.length === 0 && !search.isError;
  const offered = actions.filter(
    ({ matches, isForNothing }) => (!matches || matches(query)) && (!isForNothing || hasNothing),
  );
  const spellings: SearchAction[] = (hasNothing ? (search.data?.suggestions ?? []) : []).map(
    (other) => ({
      id: `try ${other}`,
      label: `Search for “${other}”`,
      icon: <IconSearch size={16} />,
      run: () => setTyped(other),
    }),
  );
  const rows = [...spellings, ...offered].sort(
    (one, other) => Number(other.isRecent ?? false) - Number(one.isRecent ?? false),
  );
  const recent = rows.filter((action) => action.isRecent).length;
  const total = hits.length + rows.length;
  const indexed = search.data?.indexed ?? 100;
  const at = Math.min(active, Math.max(0, total - 1));
  // A page is not all there is.
  const found = search.data?.next ? `${hits.length}+ results` : count(hits.length, 'result');

  useEffect(() => {
    setActive(0);
    setIsWaiting(false);
  }, [query]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, total]);

  const open = (index: number) => {
    const hit = hits[index];
    const action = rows[index - hits.length];
    const isSpelling = action !== undefined && spellings.includes(action);
    if (!isSpelling) onClose();
    if (hit) onHit(hit);
    else action?.run(query);
  };
  useEffect(() => {
    if (isWaiting && isSettled) open(at);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || total === 0) return;
    const moves: Record<string, number> = {
      ArrowDown: (at + 1) % total,
      ArrowUp: (at - 1 + total) % total,
      PageDown: Math.min(total - 1, at + 6),
      PageUp: Math.max(0, at - 6),
    };
    const next = moves[event.key];
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter' && query && !isSettled) setIsWaiting(true);
    else if (event.key === 'Enter') open(at);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      padding={0}
      size={640}
      yOffset="10vh"
      shadow="none"
      transitionProps={{ duration: MOVE }}
      classNames={{ content: classes.dialog, body: classes.body }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label="Search">
        <Modal.Body>
          <div className={classes.head}>
            <IconSearch size={18} aria-hidden />
            <input
              dir="auto"
              data-autofocus
              className={classes.input}
              type="text"
              role="combobox"
              aria-label="Search messages, documents, FAQs and decisions"
              aria-expanded={total > 0}
              aria-controls={`${id}-list`}
              aria-activedescendant={total > 0 ? `${id}-${at}` : undefined}
              aria-autocomplete="list"
              autoComplete="off"
              spellCheck={false}
              maxLength={400}
              placeholder="Search, or go somewhere"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
          </div>
          <div className="tb-hidden" role="status">
            {query && isSettled ? found : ''}
          </div>
          {indexed < 100 && (
            <p className={classes.none} role="note">
              The search index is being rebuilt: {indexed} %. Until then some words are not found.
            </p>
          )}
          {search.isError && query && <Failed error={search.error} />}
          {hasNothing && <p className={classes.none}>Nothing you can read matches “{query}”.</p>}
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label="Results"
            className={classes.list}
          >
            {hits.length > 0 && (
              <div
                role="group"
                aria-labelledby={`${id}-found`}
                data-stale={!isSettled || undefined}
              >
                <div id={`${id}-found`} className={classes.title}>
                  {found}
                </div>
                {hits.map((hit, index) => (
                  <HitItem
                    key={`${hit.source.id} ${hit.start ?? ''}`}
                    id={`${id}-${index}`}
                    hit={hit}
                    isActive={index === at}
                    onPoint={() => setActive(index)}
                    onOpen={() => open(index)}
                  />
                ))}
              </div>
            )}
            {[
              { title: 'Recent', from: 0, to: recent },
              { title: hasNothing ? 'Next' : 'Actions', from: recent, to: rows.length },
            ].map(
              ({ title, from, to }) =>
                to > from && (
                  <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
                    <div id={`${id}-${title}`} className={classes.title}>
                      {title}
                    </div>
                    {rows.slice(from, to).map((action, index) => {
                      const place = hits.length + from + index;
                      return (
                        <ActionItem
                          key={action.id}
                          id={`${id}-${place}`}
                          action={action}
                          query={query}
                          isActive={place === at}
                          onPoint={() => setActive(place)}
                          onOpen={() => open(place)}
                        />
                      );
                    })}
                  </div>
                ),
            )}
          </div>
          <div className={classes.foot} aria-hidden>
            <span>↑ ↓ to move</span>
            <span>Enter to open</span>
            <span>Esc to close</span>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
