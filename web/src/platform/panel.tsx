import type { Citation } from '@teambrain/contract/citation.ts';
import { createStore, useStore } from './store.ts';

/** What the side panel can show; the app knows which component renders which. */
export type PanelView =
  | { kind: 'ask'; question?: string }
  | { kind: 'summary'; spaceId: string; spaceName: string; from: string | null; label: string }
  | { kind: 'entry-summary'; spaceId: string; entryId: string; title: string }
  | { kind: 'revisions'; spaceId: string; entryId: string }
  | { kind: 'source'; citation: Citation };

const panel = createStore<PanelView | null>(null);
let opener: HTMLElement | null = null;

export function openPanel(view: PanelView): void {
  const focused = document.activeElement;
  if (!panel.get()) opener = focused instanceof HTMLElement ? focused : null;
  panel.set(view);
}

/** Closes the panel and gives the focus back to what opened it. */
export function closePanel(): void {
  if (!panel.get()) return;
  panel.set(null);
  if (opener?.isConnected) opener.focus();
  opener = null;
}

/** Closes the panel if it shows something of that space. */
export function closePanelOf(spaceId: string): void {
  const view = panel.get();
  if (!view) return;
  const shown =
    view.kind === 'source' ? view.citation.source.spaceId : 'spaceId' in view && view.spaceId;
  if (shown === spaceId || view.kind === 'ask') panel.set(null);
}

export function usePanel(): PanelView | null {
  return useStore(panel);
}
