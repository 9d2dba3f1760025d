import { useCatchUp } from '../../features/catch-up/catch-up.queries.ts';
import { HomeNews } from '../../features/catch-up/home-news.tsx';
import { useLastVisit } from '../../features/catch-up/last-visit.ts';
import { SampleNotice } from '../../features/sample/sample-notice.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { useUser } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Time } from '../../ui/time.tsx';
import { FirstRun } from './first-run.tsx';
import classes from './home-page.module.css';

/** Who was away for less than this (milliseconds) needs not be told since when. */
const RECENT = 10 * 60_000;

export function HomePage() {
  useTitle('Home');
  const user = useUser();
  const spaces = useJoinedSpaces();
  const news = useCatchUp(spaces.data);
  const since = useLastVisit(user.id);
  return (
    <div className={`${classes.page} ${classes.home}`}>
      <h1 className={classes.title}>Home</h1>
      {since && Date.now() - Date.parse(since) > RECENT && (
        <p className={classes.lead}>
          You were last here <Time at={since} />.
        </p>
      )}
      <SampleNotice />
      {spaces.isPending && <Lines label="Loading spaces" />}
      {spaces.isError && <Failed error={spaces.error} onRetry={() => void spaces.refetch()} />}
      {spaces.data?.length === 0 && <FirstRun />}
      {news.isError && !news.data && (
        <Failed error={news.error} onRetry={() => void news.refetch()} />
      )}
      {spaces.data && spaces.data.length > 0 && (
        <HomeNews spaces={spaces.data} news={news.data} since={since} myId={user.id} />
      )}
    </div>
  );
}
