import classes from './logo.module.css';

export function Logo({ isSmall = false }: { isSmall?: boolean }) {
  return (
    <span className={classes.logo} data-small={isSmall || undefined}>
      <svg viewBox="0 0 32 32" aria-hidden className={classes.mark}>
        <rect width="32" height="32" rx="8" />
        <path d="M9 11h14M16 11v12" />
        <circle cx="23" cy="21" r="2.5" />
      </svg>
      <span className="tb-wide">TeamBrain</span>
    </span>
  );
}
