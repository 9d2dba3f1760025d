import type { Citation } from '@teambrain/contract/citation.ts';
import type { TextRange } from './markdown/highlight.ts';
import { createStore, useStore } from './store.ts';

/** What the side panel can show; the app knows which component renders which. */
export type PanelView =
  | { kind: 'ask'; question?: string }
  | { kind: 'summary'; spaceId: string; spaceName: string; from: string | null; label: string }
  | { kind: 'entry-summary'; spaceId: string; entryId: string; title: string }
  | { kind: 'thread-summary'; spaceId: string; threadId: string }
  | { kind: 'thread'; spaceId: string; threadId: string; target?: ThreadTarget | undefined }
  | { kind: 'pins'; spaceId: string }
  | { kind: 'revisions'; spaceId: string; entryId: string }
  | { kind: 'source'; citation: Citation };

/** A reply to show in its thread, and the words of it to mark. */
export interface ThreadTarget {
  id: string;
  range: TextRange | null;
  version: number | undefined;
}

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

/** Closes the panel if it shows a thread of that space. */
export function closeThreadOf(spaceId: string): void {
  const view = panel.get();
  if (view?.kind === 'thread' && view.spaceId === spaceId) panel.set(null);
}

export function isThreadShown(threadId: string): boolean {
  const view = panel.get();
  return view?.kind === 'thread' && view.threadId === threadId;
}

export function usePanel(): PanelView | null {
  return useStore(panel);
}
