import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { resize, useLayout, widths, type Part } from './layout.ts';
import classes from './resizer.module.css';

const STEP = 16;
const NAMES: Record<Part, string> = {
  sidebar: 'Width of the side bar',
  panel: 'Width of the panel',
  tree: 'Width of the list of documents',
};

/** The edge of a part: dragged, or moved with the arrow keys; a double click gives the first width. */
export function Resizer({ part }: { part: Part }) {
  const layout = useLayout();
  const drag = useRef<{ x: number; width: number } | null>(null);
  const { min, max, start } = widths[part];
  const isSmall = part === 'sidebar' && layout.isSmall;
  // The panel lies at the right: there its edge goes left to make it wider.
  const sign = part === 'panel' ? -1 : 1;
  const width = layout[part];
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width: isSmall ? 56 : width };
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (from) resize(part, from.width + sign * (event.clientX - from.x));
  };
  const stepped = (by: number): number => {
    if (isSmall) return by > 0 ? min : 0;
    return part === 'sidebar' && by < 0 && width === min ? 0 : width + by;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to: Record<string, () => number> = {
      ArrowRight: () => stepped(sign * STEP),
      ArrowLeft: () => stepped(-sign * STEP),
      Home: () => min,
      End: () => max,
    };
    const next = to[event.key];
    if (!next) return;
    event.preventDefault();
    resize(part, next());
  };
  return (
    <div
      className={classes.edge}
      data-part={part}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={NAMES[part]}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={isSmall ? min : width}
      aria-valuetext={isSmall ? 'Icons only' : `${width} pixels`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={() => resize(part, start)}
      onKeyDown={onKeyDown}
    />
  );
}
