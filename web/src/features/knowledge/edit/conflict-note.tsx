import { Alert, Button, Group } from '@mantine/core';
import type { Entry } from '@teambrain/contract/knowledge.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { Time } from '../../../ui/time.tsx';
import classes from './conflict-note.module.css';

interface Props {
  /** The newer version. */
  entry: Entry;
  isBusy: boolean;
  onReplace: () => void;
  onDiscard: () => void;
}

export function ConflictNote({ entry, isBusy, onReplace, onDiscard }: Props) {
  const [isShown, setIsShown] = useState(true);
  return (
    <Alert
      role="alert"
      color="yellow"
      icon={<IconAlertTriangle size={18} />}
      title="Someone changed this in the meantime"
    >
      <p>
        {entry.updatedBy.name} saved version {entry.version} <Time at={entry.updatedAt} />. Your
        text below is kept. Take over from theirs what you need, then save yours over it.
      </p>
      <Group gap={8} mt={8}>
        <Button size="xs" variant="default" onClick={() => setIsShown(!isShown)}>
          {isShown ? 'Hide their version' : 'Show their version'}
        </Button>
        <Button size="xs" loading={isBusy} onClick={onReplace}>
          Save mine over it
        </Button>
        <Button size="xs" variant="default" onClick={onDiscard}>
          Discard mine
        </Button>
      </Group>
      {isShown && (
        <section className={classes.other} aria-label="Their version" tabIndex={0}>
          <h3>{entry.title}</h3>
          <Markdown text={entry.markdown} look="chat" />
        </section>
      )}
    </Alert>
  );
}
