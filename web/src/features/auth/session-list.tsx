import { Button } from '@mantine/core';
import type { Session } from '@teambrain/contract/auth.ts';
import { Chip } from '../../ui/chip.tsx';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './account.module.css';
import { useEndSession, useSessions } from './auth.queries.ts';
import { deviceName } from './device.ts';

export function SessionList() {
  const sessions = useSessions();
  const end = useEndSession();
  return (
    <section className={classes.section} aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      <p>Where you are signed in. End a session that you do not know.</p>
      {sessions.isPending && <Lines count={3} />}
      {sessions.isError && (
        <Failed error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {end.isError && <Failed error={end.error} />}
      {sessions.data && (
        <ul className={classes.sessions}>
          {sessions.data.items.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              isEnding={end.isPending && end.variables === session.id}
              onEnd={() => end.mutate(session.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function SessionRow(props: { session: Session; isEnding: boolean; onEnd: () => void }) {
  const { session, isEnding, onEnd } = props;
  const name = deviceName(session.device);
  return (
    <li className={classes.session}>
      <div>
        <div className={classes.device} title={session.device}>
          {name} {session.isCurrent && <Chip tone="good">This one</Chip>}
        </div>
        <div className={classes.dim}>
          {session.address} · last used <Time at={session.lastUsedAt} />
        </div>
      </div>
      {!session.isCurrent && (
        <Button
          variant="default"
          size="xs"
          loading={isEnding}
          onClick={onEnd}
          aria-label={`End session on ${name}`}
        >
          End
        </Button>
      )}
    </li>
  );
}
