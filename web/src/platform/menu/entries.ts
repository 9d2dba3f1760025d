import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** One line of a menu. */
export type MenuEntry =
  | {
      label: string;
      icon?: Icon;
      onClick: () => void;
      isDisabled?: boolean;
      /** One of several of which one holds: marked where it does. The menu stays open. */
      isChosen?: boolean;
    }
  /** Names what follows. */
  | { heading: ReactNode }
  | 'line';
