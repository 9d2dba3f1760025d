import type { ReactNode } from 'react';

/** Something to do or a place to go, offered beside the hits. */
export interface SearchAction {
  id: string;
  label: string | ((query: string) => string);
  icon: ReactNode;
  /** Words it is found by; shown always when absent. */
  matches?: (query: string) => boolean;
  /** Offered only where nothing was found for the query. */
  isForNothing?: boolean;
  /** Somewhere one was lately: offered before the others. */
  isRecent?: boolean;
  run: (query: string) => void;
}
