import { Popover } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Anchor } from '../../../platform/menu/anchor.tsx';
import { Lines } from '../../../ui/lines.tsx';
import classes from './reaction-chips.module.css';

const EmojiPicker = lazy(() =>
  import('../../../ui/emoji/emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })),
);

/** What teams use most, one click away. */
const QUICK = ['👍', '✅', '🎉', '👀', '❤️', '😄'];

interface Props {
  isOpen: boolean;
  onClose: () => void;
  /** The button it belongs to. */
  target: HTMLElement | null;
  onChoose: (emoji: string) => void;
}

/** The usual emoji, and behind them all others; loaded when it first opens. */
export function ReactPopover({ isOpen, onClose, target, onChoose }: Props) {
  return (
    <Popover
      opened={isOpen}
      onChange={(next) => next || onClose()}
      position="top-start"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <Anchor element={target} />
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Choices onChoose={onChoose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choices({ onChoose }: Pick<Props, 'onChoose'>) {
  const [hasAll, setHasAll] = useState(false);
  if (hasAll) {
    return (
      <Suspense fallback={<Lines label="Loading emoji" />}>
        <EmojiPicker onChoose={onChoose} />
      </Suspense>
    );
  }
  return (
    <div className={classes.quick} role="group" aria-label="Usual reactions">
      {QUICK.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className={classes.choice}
          aria-label={`React with ${emoji}`}
          onClick={() => onChoose(emoji)}
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
  );
}
