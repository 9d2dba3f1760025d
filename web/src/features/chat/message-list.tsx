import { Button } from '@mantine/core';
import type { Ability } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TextRange } from '../../platform/markdown/highlight.ts';
import { useUser } from '../../platform/session.tsx';
import { count } from '../../platform/words.ts';
import { Failure } from '../../ui/failure.tsx';
import { buildRows, type PendingMessage, type Row } from './chat.rows.ts';
import type { MessageWindow } from './chat.window.ts';
import classes from './message-list.module.css';
import { RowView } from './row-view.tsx';
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

/** How far from an end the next page is asked for, in rows. */
const AHEAD = 12;
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
        myId: me.id,
        isStart: window.previous === null,
        seen: reading.newAfter,
      }),
    [window, pending, me.id, reading.newAfter],
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

  useLayoutEffect(() => {
    const at = target ? rows.findIndex((row) => row.key === target.id) : -1;
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'center' });
    else virtualizer.scrollToEnd();
    // Once, when the list is first drawn; its key changes with the window.
  }, []);

  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { previous, next } = window;
  useEffect(() => {
    if (previous && first < AHEAD) onMore('older');
    if (next && last > rows.length - AHEAD) onMore('newer');
  }, [previous, next, first, last, rows.length, onMore]);

  const look = () => {
    const box = scroller.current;
    if (box) setIsAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < END);
  };
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
      {(!isAtEnd || !isLive) && (
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
  const text = row.type === 'message' ? row.message.text : row.pending.text;
  return (row.isFirst ? 32 : 4) + 20 * Math.ceil((text.length + 1) / 90);
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
