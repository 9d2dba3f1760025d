import { Popover } from '@mantine/core';
import type { ReactElement } from 'react';
import { PersonCard } from './person-card.tsx';

interface Props {
  userId: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactElement;
}

/** The card of a person beside a mention of them. */
export function PersonPopover({ userId, isOpen, onClose, children }: Props) {
  return (
    <Popover
      opened={isOpen}
      onChange={(next) => next || onClose()}
      position="top-start"
      trapFocus
      withinPortal
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown p={12} aria-label="Person" tabIndex={-1}>
        <PersonCard userId={userId} />
      </Popover.Dropdown>
    </Popover>
  );
}
