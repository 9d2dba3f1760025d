import { Alert, Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './failure.module.css';

interface Props {
  message: string;
  onRetry?: (() => void) | undefined;
  /** More about it that is not read out when it changes. */
  children?: ReactNode;
}

/** Says what went wrong where it happened, and lets it be tried again. */
export function Failure({ message, onRetry, children }: Props) {
  return (
    <Alert
      role="presentation"
      className={classes.failure}
      color="red"
      icon={<IconAlertCircle size={18} />}
      my="xs"
    >
      <div role="alert">{message}</div>
      {children}
      {onRetry && (
        <div style={{ marginTop: 8 }}>
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Alert>
  );
}
