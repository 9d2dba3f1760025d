import { IconCalendar, IconCheck, IconClock } from '@tabler/icons-react';
import type { MenuEntry } from '../menu/entries.ts';
import { dueChoices, dueWords } from './due-choices.ts';

/**
 * Lines of a menu: when to come back to something, or that it is done.
 * @param date what it is saved for: null without a date, undefined if it is not saved
 * @param save saves it so, with the same meanings
 * @param choose opens the dialog for another date, which outlives the menu
 */
export function saveEntries(
  date: string | null | undefined,
  save: (date: Date | null | undefined) => void,
  choose: () => void,
): readonly (MenuEntry | false)[] {
  return [
    { heading: date ? dueWords(date) : 'Come back to it' },
    date !== null && {
      label: date === undefined ? 'Save without a date' : 'Without a date',
      icon: IconClock,
      onClick: () => save(null),
    },
    ...dueChoices().map(({ label, at }) => ({
      label: `${label}, ${at.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' })}`,
      icon: IconClock,
      onClick: () => save(at),
    })),
    { label: 'Choose a date…', icon: IconCalendar, onClick: choose },
    date !== undefined && 'line',
    date !== undefined && {
      label: 'Done: remove from Saved',
      icon: IconCheck,
      onClick: () => save(undefined),
    },
  ];
}
