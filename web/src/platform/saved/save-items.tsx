import { Menu } from '@mantine/core';
import { IconCalendar, IconCheck, IconClock } from '@tabler/icons-react';
import { dueChoices, dueWords } from './due-choices.ts';
import { useSave, useSavedDate, type SavedRef } from './saved.ts';

interface Props {
  of: SavedRef;
  /** Opens the dialog for another date: it outlives the menu. */
  onChoose: () => void;
}

/** Items of a menu: when to come back to something, or that it is done. */
export function SaveItems({ of, onChoose }: Props) {
  const date = useSavedDate(of);
  const save = useSave();
  return (
    <>
      <Menu.Label>{date ? dueWords(date) : 'Come back to it'}</Menu.Label>
      {date !== null && (
        <Menu.Item leftSection={<IconClock size={16} />} onClick={() => void save(of, null)}>
          {date === undefined ? 'Save without a date' : 'Without a date'}
        </Menu.Item>
      )}
      {dueChoices().map(({ label, at }) => (
        <Menu.Item
          key={label}
          leftSection={<IconClock size={16} />}
          onClick={() => void save(of, at)}
        >
          {label}, {at.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' })}
        </Menu.Item>
      ))}
      <Menu.Item leftSection={<IconCalendar size={16} />} onClick={onChoose}>
        Choose a date…
      </Menu.Item>
      {date !== undefined && (
        <>
          <Menu.Divider />
          <Menu.Item leftSection={<IconCheck size={16} />} onClick={() => void save(of, undefined)}>
            Done: remove from Saved
          </Menu.Item>
        </>
      )}
    </>
  );
}
