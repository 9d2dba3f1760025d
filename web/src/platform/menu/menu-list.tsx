import { Menu } from '@mantine/core';
import { Anchor } from './anchor.tsx';
import type { MenuEntry } from './entries.ts';

export interface MenuListProps {
  isOpen: boolean;
  onClose: () => void;
  /** The button it belongs to. */
  target: HTMLElement | null;
  entries: () => readonly (MenuEntry | false)[];
  position: 'bottom' | 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end';
  width?: number;
}

/** The open list of a menu; loaded when a menu first opens. */
export function MenuList({ isOpen, onClose, target, entries, position, width }: MenuListProps) {
  return (
    <Menu
      opened={isOpen}
      onChange={(next) => next || onClose()}
      position={position}
      {...(width ? { width } : {})}
    >
      <Menu.Target>
        <Anchor element={target} />
      </Menu.Target>
      <Menu.Dropdown>
        <Entries of={entries} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** They are made when the list is drawn, not with each message that has a menu. */
function Entries({ of }: { of: MenuListProps['entries'] }) {
  return of().map((entry, n) => <Line key={n} entry={entry} />);
}

function Line({ entry }: { entry: MenuEntry | false }) {
  if (!entry) return null;
  if (entry === 'line') return <Menu.Divider />;
  if ('heading' in entry) return <Menu.Label>{entry.heading}</Menu.Label>;
  const { label, icon: Icon, onClick, isDisabled, isChosen } = entry;
  const icon = Icon && <Icon size={16} />;
  if (isChosen !== undefined) {
    return (
      <Menu.RadioItem
        value={label}
        checked={isChosen}
        closeMenuOnClick={false}
        rightSection={icon}
        onChange={onClick}
      >
        {label}
      </Menu.RadioItem>
    );
  }
  return (
    <Menu.Item leftSection={icon} disabled={isDisabled ?? false} onClick={onClick}>
      {label}
    </Menu.Item>
  );
}
