import { Button, Progress } from '@mantine/core';
import { Failed } from '../../platform/failed.tsx';
import { useLoadSample, useSample } from './sample.queries.ts';
import classes from './sample.module.css';

const labels = {
  none: 'Load the sample team',
  partly: 'Go on loading',
  loaded: 'Join the sample team',
};

/** The door to the sample team on the first page; shows how far the load is. */
export function LoadSample() {
  const sample = useSample();
  const load = useLoadSample();
  const { done = 0, total = 0 } = sample.data ?? {};
  return (
    <>
      <Button
        variant="default"
        disabled={load.isPending}
        onClick={() => {
          load.mutate();
        }}
      >
        {labels[load.isPending ? 'none' : (sample.data?.state ?? 'none')]}
      </Button>
      {load.isPending && (
        <div className={classes.progress}>
          <Progress
            value={total ? (100 * done) / total : 0}
            aria-label="Loading the sample team"
            size="sm"
          />
          <span>{done > 0 ? `${done} of ${total} messages and entries` : 'Making the people'}</span>
        </div>
      )}
      {load.isError && <Failed error={load.error} onRetry={() => load.mutate()} />}
    </>
  );
}
