import type { ReactNode } from 'react';
import classes from './empty.module.css';

interface Props {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** The first step. */
  action?: ReactNode;
}

/** Says what goes here and offers the first step. */
export function Empty({ icon, title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      {icon && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <h2 className={classes.title}>{title}</h2>
      {children && <p className={classes.text}>{children}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
