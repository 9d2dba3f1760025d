import { ActionIcon } from '@mantine/core';
import { IconPin } from '@tabler/icons-react';
import { openPanel } from '../../platform/panel.tsx';
import classes from './space-tabs.module.css';

/** Opens what is pinned in a space; where there is little room the space's menu does. */
export function PinsButton({ spaceId }: { spaceId: string }) {
  return (
    <ActionIcon
      className={classes.pins}
      size="md"
      aria-label="Pinned messages"
      data-tip="Pinned messages"
      onClick={() => openPanel({ kind: 'pins', spaceId })}
    >
      <IconPin size={16} />
    </ActionIcon>
  );
}
