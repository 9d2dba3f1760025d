import type { ReactNode } from 'react';
import classes from './empty.module.css';

interface Props {
  icon?: ReactNode;
  title: string;
  /** `h1` where it is all there is on the page. */
  level?: 'h1' | 'h2';
  children?: ReactNode;
  /** The first step. */
  action?: ReactNode;
}

/** Says what goes here and offers the first step. */
export function Empty({ icon, title, level: Heading = 'h2', children, action }: Props) {
  return (
    <div className={classes.empty}>
      {icon && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <Heading className={classes.title}>{title}</Heading>
      {children && <p className={classes.text}>{children}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
