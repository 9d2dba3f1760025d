import { Button, Loader } from '@mantine/core';
import { Logo } from '../ui/logo.tsx';
import classes from './splash.module.css';

interface Props {
  isOffline: boolean;
  /** Something else than TeamBrain answered. */
  isBroken: boolean;
}

/** While it is found out who is here. */
export function Splash({ isOffline, isBroken }: Props) {
  return (
    <main className={classes.page}>
      <Logo />
      {!isOffline && !isBroken && <Loader size="sm" type="dots" aria-label="Starting" />}
      {isOffline && <p role="status">No connection to the server. Trying again…</p>}
      {isBroken && (
        <div role="alert" className={classes.broken}>
          <p>The server gave an answer that is not TeamBrain’s.</p>
          <Button size="xs" variant="default" onClick={() => location.reload()}>
            Reload
          </Button>
        </div>
      )}
    </main>
  );
}
