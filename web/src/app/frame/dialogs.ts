import { createStore, useStore } from '../../platform/store.ts';

export type Dialog = 'search' | 'create-space' | 'shortcuts' | null;

/** The one dialogue of the frame that is open. */
const dialog = createStore<Dialog>(null);

export const openSearch = () => dialog.set('search');
export const openCreateSpace = () => dialog.set('create-space');
export const openShortcuts = () => dialog.set('shortcuts');
export const closeDialog = () => dialog.set(null);

export function useDialog(): Dialog {
  return useStore(dialog);
}
