import type { Pin } from '@teambrain/contract/chat.ts';
import { IconPinFilled } from '@tabler/icons-react';
import { openPanel } from '../../../platform/panel.tsx';
import { exact } from '../../../ui/time-words.ts';
import classes from './pins.module.css';

/** Above a pinned message: who pinned it; leads to all that is pinned in the space. */
export function PinnedMark({ spaceId, pin }: { spaceId: string; pin: Pin }) {
  return (
    <button
      type="button"
      className={classes.mark}
      title={exact(pin.at)}
      onClick={() => openPanel({ kind: 'pins', spaceId })}
    >
      <IconPinFilled size={12} aria-hidden />
      <span>
        Pinned by <bdi>{pin.by.name}</bdi>
      </span>
    </button>
  );
}
