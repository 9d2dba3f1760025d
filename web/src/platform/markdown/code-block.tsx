import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { copyText } from '../copy.ts';
import classes from './markdown.module.css';
import { useColoured } from './use-coloured.ts';

export function CodeBlock({ children }: { children: ReactNode }) {
  const pre = useRef<HTMLPreElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const coloured = useColoured(children);
  const copy = () => {
    const text = pre.current?.textContent ?? '';
    void copyText(text).then((isDone) => {
      if (!isDone) {
        const message = 'The browser did not allow copying. Select the text and copy it by hand.';
        return void notifications.show({ color: 'red', message });
      }
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), 1500);
    });
  };
  return (
    <div className={classes.code}>
      <pre ref={pre} dir="auto" tabIndex={0} role="region" aria-label="Code">
        {coloured ? <code>{coloured}</code> : children}
      </pre>
      <ActionIcon
        className={classes.copy}
        size="sm"
        variant="default"
        aria-label={isCopied ? 'Copied' : 'Copy code'}
        onClick={copy}
      >
        {isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </div>
  );
}
