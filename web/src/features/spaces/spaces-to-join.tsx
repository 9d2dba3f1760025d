import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import classes from './browse-spaces.module.css';
import { SpaceRows } from './space-rows.tsx';
import { useBrowseSpaces } from './spaces.queries.ts';

const MOST = 8;

/** The first spaces of the instance, for people who have joined none; nothing where there are none. */
export function SpacesToJoin() {
  const list = useBrowseSpaces('');
  const spaces = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (spaces.length === 0) return null;
  return (
    <section className={classes.toJoin} aria-label="Spaces to join">
      <h2 className="tb-group">Spaces to join</h2>
      <SpaceRows spaces={spaces.slice(0, MOST)} />
      {spaces.length > MOST && (
        <Button variant="default" mt={12} renderRoot={(props) => <Link to="/spaces" {...props} />}>
          Show all spaces
        </Button>
      )}
    </section>
  );
}
