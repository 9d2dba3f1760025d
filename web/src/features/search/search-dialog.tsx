import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { SearchHit } from '@teambrain/contract/search.ts';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { count } from '../../platform/words.ts';
import { MOVE } from '../../ui/theme.ts';
import { Failed } from '../../platform/failed.tsx';
import type { SearchAction } from './search-action.ts';
import classes from './search-dialog.module.css';
import { SearchResults } from './search-results.tsx';
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
  const { commands, rows } = sorted([...spellings, ...offered], query);
  const shown = [...commands, ...hits, ...rows];
  const total = shown.length;
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
    const one = shown[index];
    if (!one) return;
    if ('source' in one) {
      onClose();
      return onHit(one);
    }
    if (!spellings.includes(one)) onClose();
    one.run(query);
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
          <SearchResults
            ref={list}
            id={id}
            query={query}
            hits={hits}
            found={found}
            isStale={!isSettled}
            commands={commands}
            rows={rows}
            hasNothing={hasNothing}
            at={at}
            onPoint={setActive}
            onOpen={open}
          />
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

/** So many letters of what an action is called make it a command, which is meant before any hit. */
const COMMAND = 3;

/** Actions that are called what was typed, and the others with those of lately first. */
function sorted(actions: readonly SearchAction[], query: string) {
  const typed = query.toLowerCase();
  const labelOf = ({ label }: SearchAction) => (typeof label === 'string' ? label : label(query));
  const isCommand = (one: SearchAction) =>
    typed.length >= COMMAND && labelOf(one).toLowerCase().startsWith(typed);
  const commands = actions.filter(isCommand);
  const rows = actions
    .filter((one) => !commands.includes(one))
    .sort((one, other) => Number(other.isRecent ?? false) - Number(one.isRecent ?? false));
  return { commands, rows };
}
