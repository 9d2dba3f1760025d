import { Skeleton } from '@mantine/core';
import classes from '../chat.module.css';

const SHAPES = [
  [20, 70],
  [16, 45],
  [24, 82],
  [18, 60],
  [22, 35],
];

export function ChatSkeleton() {
  return (
    <div className={classes.skeleton} role="status" aria-label="Loading messages">
      {SHAPES.map(([name, text]) => (
        <div key={text}>
          <Skeleton width={32} height={32} radius={6} />
          <div>
            <Skeleton height={12} radius={4} width={`${name}%`} />
            <Skeleton height={12} radius={4} width={`${text}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}
