import { getPerson } from '@teambrain/contract/people.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { Avatar } from '../../ui/avatar.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Failed } from '../failed.tsx';
import { codeOf } from '../problem.ts';
import { useCall, useUser } from '../session.tsx';
import classes from './mention.module.css';

/** Somebody's present name, and the spaces that the reader shares with them. */
export function PersonCard({ userId }: { userId: string }) {
  const call = useCall();
  const me = useUser();
  const person = useQuery({
    queryKey: ['person', userId],
    queryFn: () => call(getPerson, { params: { userId } }),
    retry: (times, error) => codeOf(error) !== 'not-found' && times < 2,
  });
  if (person.isPending) return <Lines count={2} label="Loading person" />;
  if (person.isError) {
    return codeOf(person.error) === 'not-found' ? (
      <p className={classes.about}>You share no space with this person.</p>
    ) : (
      <Failed error={person.error} onRetry={() => void person.refetch()} />
    );
  }
  const { id, name, spaces } = person.data;
  return (
    <div className={classes.card}>
      <Avatar id={id} name={name} />
      <div className={classes.about}>
        <p className={classes.name} dir="auto">
          {name}
          {id === me.id && ' (you)'}
        </p>
        <p>
          In{' '}
          {spaces.map((space, n) => (
            <Fragment key={space.id}>
              {n > 0 && ', '}
              <Link to="/s/$spaceId" params={{ spaceId: space.id }}>
                <bdi>{space.name}</bdi>
              </Link>
            </Fragment>
          ))}
        </p>
      </div>
    </div>
  );
}
