import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import { useEffect } from 'react';
import { createStore, useStore } from '../../../platform/store.ts';

const shown = createStore<EntryKind | undefined>(undefined);

/** Says which kind of entry the page shows, for the tabs above it. */
export function useShowKind(kind: EntryKind | undefined): void {
  useEffect(() => {
    shown.set(kind);
    return () => shown.set(undefined);
  }, [kind]);
}

export function useShownKind(): EntryKind | undefined {
  return useStore(shown);
}
