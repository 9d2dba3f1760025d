import { useParams } from '@tanstack/react-router';
import classes from '../../platform/mention/mention.module.css';
import { PersonCard } from '../../platform/mention/person-card.tsx';
import { useTitle } from '../../platform/title.ts';

/** Where a mention of somebody leads in a window of its own. */
export function PersonPage() {
  const { userId } = useParams({ from: '/signed-in/people/$userId' });
  useTitle('Person');
  return (
    <div className={classes.page}>
      <h1>Person</h1>
      <PersonCard userId={userId} />
    </div>
  );
}
