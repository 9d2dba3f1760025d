import { Popover } from '@mantine/core';
import { IconFileText, IconHash, IconUsers, IconUsersGroup } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { Avatar } from '../../../../ui/avatar.tsx';
import { useSuggestions, type Suggestion } from './suggest.queries.ts';
import classes from './suggest-list.module.css';
import { LIST_ID, type OnKey, type Trigger } from './trigger.ts';

interface Props {
  spaceId: string;
  trigger: Trigger;
  onPick: (link: string) => void;
  onClose: () => void;
  /** Id of the element that is chosen. */
  onActive: (id: string | null) => void;
  onKey: RefObject<OnKey | null>;
}

const TITLES = { '@': 'People and groups', '#': 'Spaces', '[[': 'Documents, FAQs and decisions' };
const optionId = (n: number) => `${LIST_ID}-${n}`;

/** What can be linked to, above the box; the box keeps the focus and hands its keys over. */
export function SuggestList({ spaceId, trigger, onPick, onClose, onActive, onKey }: Props) {
  const { items, state } = useSuggestions(spaceId, trigger);
  const [chosen, setChosen] = useState(0);
  /** Enter came before the list for what was typed: its first one is meant. */
  const [isAwaited, setIsAwaited] = useState(false);
  const at = Math.min(chosen, items.length - 1);
  const query = `${trigger.sign}${trigger.query}`;
  useEffect(() => {
    setChosen(0);
    setIsAwaited(false);
  }, [query]);
  useEffect(() => {
    if (!isAwaited || state === 'asking') return;
    setIsAwaited(false);
    if (items[0] && state === 'known') onPick(items[0].link);
  }, [isAwaited, state, items, onPick]);
  useEffect(() => onActive(at >= 0 ? optionId(at) : null), [at, onActive]);
  useEffect(() => {
    document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  useLayoutEffect(() => {
    onKey.current = ({ key, shiftKey, ctrlKey, metaKey, altKey }) => {
      if (key === 'Escape') onClose();
      if (key === 'Escape') return true;
      if (shiftKey || ctrlKey || metaKey || altKey) return false;
      const isPick = key === 'Enter' || key === 'Tab';
      if (isPick && state === 'asking') {
        setIsAwaited(true);
        return true;
      }
      const item = items[at];
      if (!item) return false;
      if (key === 'ArrowDown') setChosen((at + 1) % items.length);
      else if (key === 'ArrowUp') setChosen((at + items.length - 1) % items.length);
      else if (isPick) onPick(item.link);
      else return false;
      return true;
    };
    return () => {
      onKey.current = null;
    };
  });
  if (items.length === 0) return null;
  return (
    <Popover
      opened
      onChange={(isOpen) => isOpen || onClose()}
      closeOnEscape={false}
      withRoles={false}
      width="min(360px, calc(100vw - 24px))"
      position="top-start"
      withinPortal
      shadow="none"
    >
      <Popover.Target>
        <span className={classes.anchor} />
      </Popover.Target>
      <Popover.Dropdown p={4} className={classes.list} role="region" aria-label="Suggestions">
        <ul id={LIST_ID} role="listbox" aria-label={TITLES[trigger.sign]}>
          {items.map((item, n) => (
            <li
              key={item.id}
              id={optionId(n)}
              role="option"
              aria-selected={n === at}
              className={classes.option}
              onPointerMove={() => setChosen(n)}
              // The box keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(item.link)}
            >
              <Sign item={item} />
              <bdi className={classes.name}>{item.name}</bdi>
              <span className={classes.hint} dir="auto">
                {item.hint}
              </span>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function Sign({ item: { id, kind, name } }: { item: Suggestion }) {
  switch (kind) {
    case 'person':
      return <Avatar id={id} name={name} size={20} />;
    case 'group':
      return <IconUsersGroup size={18} aria-hidden />;
    case 'everyone':
      return <IconUsers size={18} aria-hidden />;
    case 'space':
      return <IconHash size={18} aria-hidden />;
    case 'entry':
      return <IconFileText size={18} aria-hidden />;
  }
}
