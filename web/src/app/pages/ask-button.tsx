import { Button } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import { openPanel } from '../../platform/panel.tsx';
import classes from './space-tabs.module.css';

/** Asks beside the page; on small screens the page “Ask” is as near. */
export function AskButton() {
  return (
    <Button
      className={classes.ask}
      classNames={{ label: classes.words, section: classes.sign }}
      size="compact-sm"
      variant="subtle"
      color="gray"
      leftSection={<IconMessageQuestion size={16} />}
      aria-label="Open Ask"
      onClick={() => openPanel({ kind: 'ask' })}
    >
      Ask
    </Button>
  );
}
