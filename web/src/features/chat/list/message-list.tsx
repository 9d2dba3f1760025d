import { Button } from '@mantine/core';
import type { Ability } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { useUser } from '../../../platform/session.tsx';
import { countUpTo99 } from '../../../platform/words.ts';
import { Failure } from '../../../ui/failure.tsx';
import { buildRows, type PendingMessage, type Row } from './chat.rows.ts';
import type { OpenAt } from '../chat.queries.ts';
import type { MessageWindow } from '../chat.window.ts';
import { DayMenu } from './day-menu.tsx';
import { isLong } from './folded.tsx';
import classes from './message-list.module.css';
import { RowView } from './row-view.tsx';
import { dayOf, END, isSame, NOWHERE, sightOf, type Sight } from './sight.ts';
import { useListPlace } from './use-list-place.ts';
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
  /** Shows other messages instead of this window. */
  onReopen: (at: OpenAt) => void;
  /** What was chosen to be shown, which is where it begins. */
  from: OpenAt | null;
}

/** How far from an end the next page is asked for, in pixels, and at least three heights of the list. */
const AHEAD = 2_000;

export function MessageList(props: Props) {
  const { space, window, pending, target, editing, onMore, onReopen } = props;
  const me = useUser();
  const scroller = useRef<HTMLDivElement>(null);
  const isLive = window.next === null;
  const [sight, setSight] = useState<Sight>(NOWHERE);
  const { isAtEnd } = sight;
  const reading = useReading(space.id, window, sight);
  const rows = useMemo(
    () =>
      buildRows({
        messages: window.items,
        states: window.states,
        reactions: window.reactions,
        pins: window.pins,
        quotes: window.quotes,
        pending,
        me,
        isStart: window.previous === null,
        seen: reading.newAfter,
        newCount: reading.newCount,
      }),
    [window, pending, me, reading.newAfter, reading.newCount],
  );
  const { opening, keepPlace } = useListPlace(space.id, rows, {
    target: target?.id,
    from: props.from,
  });
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

  const isPlaced = usePlacing(virtualizer, scroller, opening);
  useStickToEnd(virtualizer, scroller, isPlaced && isLive && isAtEnd);
  const { previous, next } = window;
  const look = useCallback(() => {
    const box = scroller.current;
    if (!box || !isPlaced) return;
    const now = sightOf(box, virtualizer.getVirtualItems(), rows);
    setSight((was) => (isSame(was, now) ? was : now));
    const isDrawn = now.top !== null || rows.length === 0;
    // After one long step what is there has yet to be drawn: this is called again then.
    if (isDrawn) keepPlace(isLive && now.isAtEnd ? null : now.top);
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    const ahead = Math.max(AHEAD, 3 * box.clientHeight);
    if (previous && box.scrollTop < ahead) onMore('older');
    if (next && below < ahead) onMore('newer');
  }, [isPlaced, isLive, previous, next, onMore, rows, virtualizer, keepPlace]);
  const drawn = virtualizer.range?.startIndex;
  useEffect(look, [look, rows.length, drawn]);
  const lastSent = pending.at(-1)?.id;
  const before = useRef(lastSent);
  useEffect(() => {
    // Who sends something wants to see it.
    if (lastSent && lastSent !== before.current && isLive) virtualizer.scrollToEnd();
    before.current = lastSent;
  }, [lastSent, isLive, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const toLatest = () => (isLive ? virtualizer.scrollToEnd({ behavior: 'auto' }) : onReopen('end'));
  const toUnread = () => {
    const index = rows.findIndex(({ type }) => type === 'new');
    if (index < 0 || !reading.isCovered) return onReopen('unread');
    virtualizer.scrollToIndex(index, { align: 'start' });
  };

  const day = dayOf(rows, sight);

  return (
    <div className={classes.frame}>
      {day && (
        <div className={classes.day}>
          <DayMenu day={day} onJump={onReopen} />
        </div>
      )}
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
                  onJump={onReopen}
                />
              </div>
            );
          })}
        </div>
      </div>
      {isPlaced && reading.above > 0 && (
        <Button
          className={classes.jumpUp}
          variant="default"
          size="xs"
          radius="xl"
          leftSection={<IconArrowUp size={14} />}
          onClick={toUnread}
        >
          {countUpTo99(reading.above, 'unread message')}
        </Button>
      )}
      {isPlaced && sight.first >= 0 && (!isAtEnd || !isLive) && (
        <Button
          className={classes.jump}
          variant="default"
          size="xs"
          radius="xl"
          leftSection={<IconArrowDown size={14} />}
          onClick={toLatest}
        >
          {reading.fresh > 0 ? countUpTo99(reading.fresh, 'new message') : 'Jump to latest'}
        </Button>
      )}
    </div>
  );
}

function estimate(row: Row | undefined): number {
  if (!row) return 32;
  if (row.type === 'start') return 96;
  if (row.type === 'day' || row.type === 'new') return 36;
  const lines = Math.ceil((row.message.text.length + 1) / 90);
  const around =
    (row.isFirst ? 32 : 4) +
    (row.thread ? 32 : 0) +
    (row.message.threadId ? 16 : 0) +
    (row.pin ? 16 : 0) +
    (row.message.quote ? 64 : 0);
  return around + 20 * (isLong(row.message.text) ? 17 : lines);
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
