import type { ReactNode } from 'react';
import classes from './chip.module.css';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export function Chip({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.chip} data-tone={tone}>
      {children}
    </span>
  );
}
