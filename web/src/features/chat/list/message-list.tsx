import { Button } from '@mantine/core';
import type { Ability } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { useUser } from '../../../platform/session.tsx';
import { count } from '../../../platform/words.ts';
import { Failure } from '../../../ui/failure.tsx';
import { buildRows, type PendingMessage, type Row } from './chat.rows.ts';
import type { MessageWindow } from '../chat.window.ts';
import classes from './message-list.module.css';
import { RowView } from './row-view.tsx';
import { usePlacing, useStickToEnd } from './use-placing.ts';
import { useReading } from './use-reading.ts';

interface Props {
  space: Space;
  window: MessageWindow;
  pending: readonly PendingMessage[];
  ability: Ability | null;
  target: { id: string; range: TextRange | null; version: number | undefined } | undefined;
  editing: string | null;
  onEdit: (messageId: string) => void;
  onEdited: () => void;
  onMore: (side: 'older' | 'newer') => void;
  failedSide: 'older' | 'newer' | null;
  /** Shows the latest messages instead of this window. */
  onLatest: () => void;
}

/** How far from an end the next page is asked for, in pixels. */
const AHEAD = 1_200;
/** Whoever is this near to the end, in pixels, follows it. */
const END = 80;

export function MessageList(props: Props) {
  const { space, window, pending, target, editing, onMore, onLatest } = props;
  const me = useUser();
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const isLive = window.next === null;
  const reading = useReading(space.id, window, isLive && isAtEnd);
  const rows = useMemo(
    () =>
      buildRows({
        messages: window.items,
        pending,
        me,
        isStart: window.previous === null,
        seen: reading.newAfter,
      }),
    [window, pending, me, reading.newAfter],
  );
  const wasLive = useRef(isLive);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    overscan: 10,
    paddingStart: 16,
    paddingEnd: 12,
    anchorTo: 'end',
    // A page of newer messages must not carry the reader to its end.
    followOnAppend: wasLive.current && isLive,
    scrollEndThreshold: END,
  });
  useEffect(() => {
    wasLive.current = isLive;
  }, [isLive]);

  const isPlaced = usePlacing(
    virtualizer,
    scroller,
    target ? rows.findIndex((row) => row.key === target.id) : -1,
  );
  useStickToEnd(virtualizer, scroller, isPlaced && isLive && isAtEnd);
  const { previous, next } = window;
  const look = useCallback(() => {
    const box = scroller.current;
    if (!box || !isPlaced) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    setIsAtEnd(below < END);
    if (previous && box.scrollTop < AHEAD) onMore('older');
    if (next && below < AHEAD) onMore('newer');
  }, [isPlaced, previous, next, onMore]);
  useEffect(look, [look, rows.length]);
  const items = virtualizer.getVirtualItems();
  const toLatest = () => (isLive ? virtualizer.scrollToEnd({ behavior: 'auto' }) : onLatest());

  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={look}
        onKeyDown={moveByKey}
        role="region"
        aria-label={`Messages in ${space.name}`}
        tabIndex={0}
      >
        {props.failedSide === 'older' && (
          <Failure message="Older messages could not be read." onRetry={() => onMore('older')} />
        )}
        <div className={classes.sizer} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={virtualizer.measureElement}
                className={classes.item}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowView
                  row={row}
                  space={space}
                  ability={props.ability}
                  range={target && row.key === target.id ? target.range : null}
                  version={target && row.key === target.id ? target.version : undefined}
                  isTarget={row.key === target?.id}
                  isEditing={row.key === editing}
                  onEdit={props.onEdit}
                  onEdited={props.onEdited}
                />
              </div>
            );
          })}
        </div>
      </div>
      {isPlaced && (!isAtEnd || !isLive) && (
        <Button
          className={classes.jump}
          variant="default"
          size="xs"
          radius="xl"
          leftSection={<IconArrowDown size={14} />}
          onClick={toLatest}
        >
          {reading.fresh > 0 ? count(reading.fresh, 'new message') : 'Jump to latest'}
        </Button>
      )}
    </div>
  );
}

function estimate(row: Row | undefined): number {
  if (!row) return 32;
  if (row.type === 'start') return 96;
  if (row.type === 'day' || row.type === 'new') return 36;
  return (row.isFirst ? 32 : 4) + 20 * Math.ceil((row.message.text.length + 1) / 90);
}

/** Arrow keys and j/k go from message to message. */
function moveByKey(event: KeyboardEvent<HTMLDivElement>): void {
  const target = event.target as HTMLElement;
  if (event.metaKey || event.ctrlKey || event.altKey || target.closest('textarea, input')) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!step) return;
  const messages = [...event.currentTarget.querySelectorAll<HTMLElement>('article')];
  const now = messages.findIndex((one) => one.contains(document.activeElement));
  const next = now === -1 ? messages.at(-1) : messages[now + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}
