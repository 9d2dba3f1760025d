import { ActionIcon } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import classes from './markdown.module.css';

export function CodeBlock({ children }: { children: ReactNode }) {
  const pre = useRef<HTMLPreElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    const text = pre.current?.textContent ?? '';
    navigator.clipboard?.writeText(text).then(
      () => {
        setIsCopied(true);
        setTimeout(() => setIsCopied(false), 1500);
      },
      () => undefined,
    );
  };
  return (
    <div className={classes.code}>
      <pre ref={pre} tabIndex={0} role="region" aria-label="Code">
        {children}
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
