import { createStore, useStore } from '../../platform/store.ts';

export type Dialog = 'search' | 'create-space' | 'shortcuts' | 'navigation' | null;

/** The one dialogue of the frame that is open. */
const dialog = createStore<Dialog>(null);

export const openSearch = () => {
  // Keys typed before the search is shown must not end up in what was being written.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  dialog.set('search');
};
export const openCreateSpace = () => dialog.set('create-space');
/** The side bar as a drawer, where there is no room for it beside the page. */
export const openNavigation = () => dialog.set('navigation');
export const openShortcuts = () => dialog.set('shortcuts');
export const closeDialog = () => dialog.set(null);

export function useDialog(): Dialog {
  return useStore(dialog);
}
