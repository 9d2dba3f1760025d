import { Skeleton } from '@mantine/core';
import classes from './lines.module.css';

const WIDTHS = [62, 84, 48, 73, 55, 91, 40];

/** Room for a list that is loading. */
export function Lines({ count = 5, label = 'Loading' }: { count?: number; label?: string }) {
  return (
    <div className={classes.lines} role="status" aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={14} radius={4} width={`${WIDTHS[index % WIDTHS.length]}%`} />
      ))}
    </div>
  );
}
