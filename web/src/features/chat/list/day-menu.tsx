import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';
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
      <Menu position="bottom" width={200}>
        <Menu.Target>
          <button type="button" className={classes.day} title="Jump to a date">
            {dayName(day)}
            <IconChevronDown size={12} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Jump to</Menu.Label>
          <Menu.Item onClick={() => onJump('end')}>Latest</Menu.Item>
          <Menu.Item onClick={() => onJump(midnight(1))}>Yesterday</Menu.Item>
          <Menu.Item onClick={() => onJump(midnight(7))}>A week ago</Menu.Item>
          <Menu.Item onClick={() => onJump(midnight(30))}>A month ago</Menu.Item>
          <Menu.Item onClick={() => onJump(new Date(0))}>The beginning</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setIsChoosing(true)}>Choose a date…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
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
