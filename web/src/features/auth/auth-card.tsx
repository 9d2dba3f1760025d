import type { ReactNode } from 'react';
import { Logo } from '../../ui/logo.tsx';
import classes from './auth-card.module.css';

interface Props {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}

export function AuthCard({ title, hint, children, foot }: Props) {
  return (
    <main className={classes.page} tabIndex={-1} id="main">
      <div className={classes.card}>
        <Logo />
        <h1 className={classes.title}>{title}</h1>
        {hint && <p className={classes.hint}>{hint}</p>}
        {children}
      </div>
      {foot && <p className={classes.foot}>{foot}</p>}
    </main>
  );
}
