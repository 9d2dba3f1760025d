import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { HomeSpaces } from '../../features/spaces/home-spaces.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { useUser } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { openCreateSpace, openSearch } from '../frame/dialogs.ts';
import classes from './home-page.module.css';

export function HomePage() {
  useTitle('Home');
  const user = useUser();
  const spaces = useJoinedSpaces();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Welcome, {user.name}</h1>
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

function FirstRun() {
  return (
    <Empty
      icon={<IconMessages size={24} />}
      title="Start with a space"
      action={
        <>
          <Button onClick={openCreateSpace}>Create a space</Button>
          <Button variant="default" renderRoot={(props) => <Link to="/spaces" {...props} />}>
            Browse spaces
          </Button>
        </>
      }
    >
      A space is a room for a team or a topic. What is said, written and decided in it can be
      searched, asked about and summarised.
    </Empty>
  );
}
