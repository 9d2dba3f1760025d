import { Button } from '@mantine/core';
import { Failed } from '../../platform/failed.tsx';
import { useRemoveSample, useSample } from './sample.queries.ts';
import classes from './sample.module.css';

/** Tells administrators that the sample team is loaded, and removes it in one click. */
export function SampleNotice() {
  const sample = useSample();
  const remove = useRemoveSample();
  const kept = remove.data?.kept ?? [];
  if (sample.data?.state !== 'loaded' && kept.length === 0 && !remove.isError) return null;
  return (
    <aside className={classes.notice} aria-label="Sample team">
      {kept.length > 0 ? (
        <p>
          The sample team is removed. Kept, because people have written there or own it now:{' '}
          {kept.map(({ name }) => name).join(', ')}.
        </p>
      ) : (
        <>
          <p>
            You are looking at the <b>sample team</b>: made-up people and content to try things
            with. Spaces in which you have written stay when you remove it.
          </p>
          <Button
            size="xs"
            variant="default"
            loading={remove.isPending}
            onClick={() => {
              remove.mutate();
            }}
          >
            Remove the sample team
          </Button>
        </>
      )}
      {remove.isError && <Failed error={remove.error} onRetry={() => remove.mutate()} />}
    </aside>
  );
}
