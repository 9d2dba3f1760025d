import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import type { Message } from '@teambrain/contract/chat.ts';
import { IconDots, IconMoodPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Lines } from '../../../ui/lines.tsx';
import classes from './reaction-chips.module.css';
import { useReact } from './use-react.ts';

const EmojiPicker = lazy(() =>
  import('../../../ui/emoji/emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })),
);

/** What teams use most, one click away. */
const QUICK = ['👍', '✅', '🎉', '👀', '❤️', '😄'];

interface Props {
  message: Message;
  /** `bar` among the actions of a message, `chip` behind its reactions. */
  look: 'bar' | 'chip';
  onOpen?: (isOpen: boolean) => void;
}

/** Opens the usual emoji, and behind them all others. */
export function ReactButton({ message, look, onOpen }: Props) {
  const react = useReact(message);
  const [isOpen, setIsOpen] = useState(false);
  const [hasAll, setHasAll] = useState(false);
  const open = (next: boolean) => {
    setIsOpen(next);
    setHasAll(false);
    onOpen?.(next);
  };
  const choose = (emoji: string) => {
    open(false);
    void react(emoji, true);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={open}
      position="top-start"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        {look === 'bar' ? (
          <Tooltip label="React (+)">
            <ActionIcon size="md" aria-label="Add a reaction" onClick={() => open(!isOpen)}>
              <IconMoodPlus size={16} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <button
            type="button"
            className={classes.chip}
            aria-label="Add a reaction"
            onClick={() => open(!isOpen)}
          >
            <IconMoodPlus size={14} />
          </button>
        )}
      </Popover.Target>
      <Popover.Dropdown p={0}>
        {hasAll ? (
          <Suspense fallback={<Lines label="Loading emoji" />}>
            <EmojiPicker onChoose={choose} />
          </Suspense>
        ) : (
          <div className={classes.quick} role="group" aria-label="Usual reactions">
            {QUICK.map((emoji) => (
              <button
                key={emoji}
                type="button"
                className={classes.choice}
                aria-label={`React with ${emoji}`}
                onClick={() => choose(emoji)}
              >
                {emoji}
              </button>
            ))}
            <button
              type="button"
              className={classes.choice}
              aria-label="All emoji"
              onClick={() => setHasAll(true)}
            >
              <IconDots size={18} />
            </button>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
