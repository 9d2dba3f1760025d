import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';
import { MenuButton } from '../../../platform/menu/menu-button.tsx';
import { dayName } from '../../../ui/time-words.ts';
import type { OpenAt } from '../chat.queries.ts';
import classes from './day-menu.module.css';

const DateDialog = dialogLater(() =>
  import('../../../ui/date-dialog.tsx').then((module) => module.DateDialog),
);

interface Props {
  /** An instant of the day that is named. */
  day: string;
  onJump: (at: OpenAt) => void;
}

const midnight = (daysAgo: number): Date => {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
};

/** The name of a day; leads to other days. */
export function DayMenu({ day, onJump }: Props) {
  const [isChoosing, setIsChoosing] = useState(false);
  return (
    <>
      <MenuButton
        position="bottom"
        width={200}
        button={
          <button type="button" className={classes.day} data-tip="Jump to a date">
            {dayName(day)}
            <IconChevronDown size={12} aria-hidden />
          </button>
        }
        entries={() => [
          { heading: 'Jump to' },
          { label: 'Latest', onClick: () => onJump('end') },
          { label: 'Yesterday', onClick: () => onJump(midnight(1)) },
          { label: 'A week ago', onClick: () => onJump(midnight(7)) },
          { label: 'A month ago', onClick: () => onJump(midnight(30)) },
          { label: 'The beginning', onClick: () => onJump(new Date(0)) },
          'line',
          { label: 'Choose a date…', onClick: () => setIsChoosing(true) },
        ]}
      />
      <DateDialog
        title="Jump to a date"
        action="Jump"
        isOpen={isChoosing}
        onClose={() => setIsChoosing(false)}
        onDate={(date) => {
          setIsChoosing(false);
          onJump(date);
        }}
      />
    </>
  );
}
