import { keep, readKept } from '../kept.ts';
import { createStore, useStore } from '../store.ts';

/** Widths in pixels, as this browser remembers them. */
interface Layout {
  sidebar: number;
  panel: number;
  /** The tree of documents. */
  tree: number;
  /** Whether the side bar shows its icons alone. */
  isSmall: boolean;
}

export type Part = 'sidebar' | 'panel' | 'tree';

/** What each part may measure, and what it measures at first. */
export const widths: Record<Part, { min: number; max: number; start: number }> = {
  sidebar: { min: 200, max: 400, start: 264 },
  panel: { min: 320, max: 640, start: 400 },
  tree: { min: 180, max: 480, start: 256 },
};
/** Dragged below this width the side bar keeps its icons alone. */
const SMALL_BELOW = 140;

const clamp = (part: Part, width: number) =>
  Math.round(Math.min(widths[part].max, Math.max(widths[part].min, width)));

function remembered(): Layout {
  const kept = readKept('layout');
  const of = (kept && typeof kept === 'object' ? kept : {}) as Record<string, unknown>;
  const width = (part: Part) => {
    const value = of[part];
    return typeof value === 'number' && !Number.isNaN(value)
      ? clamp(part, value)
      : widths[part].start;
  };
  return {
    sidebar: width('sidebar'),
    panel: width('panel'),
    tree: width('tree'),
    isSmall: of['isSmall'] === true,
  };
}

const layout = createStore<Layout>(remembered());

function change(more: Partial<Layout>): void {
  layout.set((was) => ({ ...was, ...more }));
  keep('layout', layout.get());
}

/** Sets a part's width, within its bounds; a side bar made very narrow collapses. */
export function resize(part: Part, width: number): void {
  if (part === 'sidebar' && width < SMALL_BELOW) return change({ isSmall: true });
  change({ [part]: clamp(part, width), ...(part === 'sidebar' && { isSmall: false }) });
}

export const toggleSidebar = (): void => change({ isSmall: !layout.get().isSmall });

export const useLayout = (): Layout => useStore(layout);
