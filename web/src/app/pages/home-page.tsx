import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { SampleNotice } from '../../features/sample/sample-notice.tsx';
import { HomeSpaces } from '../../features/spaces/home-spaces.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { useUser } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { openCreateSpace, openSearch } from '../frame/dialogs.ts';
import { FirstRun } from './first-run.tsx';
import classes from './home-page.module.css';

export function HomePage() {
  useTitle('Home');
  const user = useUser();
  const spaces = useJoinedSpaces();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Welcome, {user.name}</h1>
      <SampleNotice />
      {spaces.isPending && <Lines label="Loading spaces" />}
      {spaces.isError && <Failed error={spaces.error} onRetry={() => void spaces.refetch()} />}
      {spaces.data?.length === 0 && <FirstRun />}
      {spaces.data && spaces.data.length > 0 && (
        <>
          <div className={classes.actions}>
            <Button variant="default" onClick={openSearch}>
              Search
            </Button>
            <Button variant="default" renderRoot={(props) => <Link to="/ask" {...props} />}>
              Ask a question
            </Button>
            <Button variant="default" onClick={openCreateSpace}>
              Create a space
            </Button>
          </div>
          <HomeSpaces spaces={spaces.data} />
        </>
      )}
    </div>
  );
}
