import { ActionIcon } from '@mantine/core';
import type { Message } from '@teambrain/contract/chat.ts';
import { IconMoodPlus } from '@tabler/icons-react';
import { useCallback, useRef, useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';
import classes from './reaction-chips.module.css';
import { useReact } from './use-react.ts';

const ReactPopover = dialogLater(() =>
  import('./react-popover.tsx').then((module) => module.ReactPopover),
);

interface Props {
  message: Message;
  /** `bar` among the actions of a message, `chip` behind its reactions. */
  look: 'bar' | 'chip';
}

/** Opens the usual emoji, and behind them all others. */
export function ReactButton({ message, look }: Props) {
  const react = useReact(message);
  const target = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  const attributes = {
    ref: target,
    'aria-label': 'Add a reaction',
    'aria-haspopup': 'dialog',
    'aria-expanded': isOpen,
    onClick: () => {
      setIsOpen(!isOpen);
      setWasOpen(true);
    },
  } as const;
  return (
    <>
      {look === 'bar' ? (
        <ActionIcon size="md" data-tip="React (+)" {...attributes}>
          <IconMoodPlus size={16} />
        </ActionIcon>
      ) : (
        <button type="button" className={classes.chip} {...attributes}>
          <IconMoodPlus size={14} />
        </button>
      )}
      {wasOpen && (
        <ReactPopover
          isOpen={isOpen}
          onClose={close}
          target={target.current}
          onChoose={(emoji) => {
            close();
            void react(emoji, true);
          }}
        />
      )}
    </>
  );
}
