import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { openNavigation, openSearch } from './dialogs.ts';
import classes from './frame.module.css';

/** Opens the side bar on small screens; elsewhere it is not shown. */
export function NavigationButton() {
  return (
    <ActionIcon
      className={classes.onlyNarrow}
      size="lg"
      aria-label="Open navigation"
      aria-haspopup="dialog"
      onClick={openNavigation}
    >
      <IconMenu2 size={20} />
    </ActionIcon>
  );
}

/** Opens the search on small screens, where the side bar with its field is away. */
export function SearchButton() {
  return (
    <ActionIcon
      className={classes.onlyNarrow}
      size="lg"
      aria-label="Search"
      aria-haspopup="dialog"
      onClick={openSearch}
    >
      <IconSearch size={20} />
    </ActionIcon>
  );
}
