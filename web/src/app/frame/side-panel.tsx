import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { dialogLater } from '../../platform/later.tsx';
import { closePanel, usePanel, type PanelView } from '../../platform/panel.tsx';
import { NARROW, WIDE } from '../../ui/breakpoints.ts';
import { Lines } from '../../ui/lines.tsx';
import { Resizer } from '../../platform/layout/resizer.tsx';
import classes from './side-panel.module.css';

const PanelDrawer = dialogLater(() =>
  import('./panel-drawer.tsx').then((module) => module.PanelDrawer),
);

const VIEWS = {
  ask: lazy(() => import('../panels/ask-panel.tsx').then((m) => ({ default: m.AskPanel }))),
  summary: lazy(() =>
    import('../panels/summary-panel.tsx').then((m) => ({ default: m.SummaryPanel })),
  ),
  'entry-summary': lazy(() =>
    import('../panels/summary-panel.tsx').then((m) => ({ default: m.EntrySummaryPanel })),
  ),
  'thread-summary': lazy(() =>
    import('../panels/summary-panel.tsx').then((m) => ({ default: m.ThreadSummaryPanel })),
  ),
  thread: lazy(() =>
    import('../panels/thread-panel.tsx').then((m) => ({ default: m.ThreadPanel })),
  ),
  pins: lazy(() => import('../panels/pins-panel.tsx').then((m) => ({ default: m.PinsPanel }))),
  revisions: lazy(() =>
    import('../panels/revisions-panel.tsx').then((m) => ({ default: m.RevisionsPanel })),
  ),
  source: lazy(() =>
    import('../panels/source-panel.tsx').then((m) => ({ default: m.SourcePanel })),
  ),
};

const TITLES: Record<PanelView['kind'], string> = {
  ask: 'Ask',
  summary: 'Summary',
  'entry-summary': 'Summary',
  'thread-summary': 'Summary',
  thread: 'Thread',
  pins: 'Pinned messages',
  revisions: 'Revisions',
  source: 'Source',
};

/** Beside the page where there is room for both, else above it. */
export function SidePanel() {
  const view = usePanel();
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  if (isWide) return view && <Beside view={view} />;
  return (
    <PanelDrawer
      isOpen={view !== null}
      onClose={closePanel}
      title={view && TITLES[view.kind]}
      isWhole={isNarrow}
      isFilled={view?.kind === 'thread'}
    >
      {view && <Content view={view} />}
    </PanelDrawer>
  );
}

function Beside({ view }: { view: PanelView }) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // A box to write in that came with it keeps the focus.
    if (panel.current?.contains(document.activeElement)) return;
    panel.current?.focus({ preventScroll: true });
  }, [view.kind]);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      data-quiet-focus
      className={classes.panel}
      aria-label={TITLES[view.kind]}
    >
      <Resizer part="panel" />
      <div className={classes.head}>
        <h2>{TITLES[view.kind]}</h2>
        <button
          type="button"
          className={classes.close}
          aria-label="Close panel"
          onClick={closePanel}
        >
          ×
        </button>
      </div>
      <div className={classes.body} data-fill={view.kind === 'thread' || undefined}>
        <Content view={view} />
      </div>
    </aside>
  );
}

function Content({ view }: { view: PanelView }) {
  const View = VIEWS[view.kind];
  return (
    <Suspense fallback={<Lines />}>
      <View view={view} />
    </Suspense>
  );
}
