import type { Space } from '@teambrain/contract/spaces.ts';
import { IconLock } from '@tabler/icons-react';
import { useTitle } from '../../platform/title.ts';
import { JoinForm } from './join-form.tsx';
import classes from './join-card.module.css';

/** The door of a protected space, in place of what it holds. */
export function JoinCard({ space }: { space: Space }) {
  useTitle(space.name);
  return (
    <div className={classes.page}>
      <div className={classes.card}>
        <div className={classes.icon} aria-hidden>
          <IconLock size={20} />
        </div>
        <h1 className={classes.title} dir="auto">
          {space.name}
        </h1>
        <p className={classes.text}>
          This space is protected. Join it with its password to read and write here.
        </p>
        <JoinForm spaceId={space.id} spaceName={space.name} />
      </div>
    </div>
  );
}
