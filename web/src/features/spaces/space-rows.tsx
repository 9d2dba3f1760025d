import type { Space } from '@teambrain/contract/spaces.ts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dialogLater } from '../../platform/later.tsx';
import classes from './browse-spaces.module.css';
import { SpaceRow } from './space-row.tsx';

const JoinDialog = dialogLater(() =>
  import('./join-dialog.tsx').then((module) => module.JoinDialog),
);

/** Spaces in a list, each to be joined or opened; a protected one asks for its password. */
export function SpaceRows({ spaces }: { spaces: readonly Space[] }) {
  const navigate = useNavigate();
  const [locked, setLocked] = useState<Space | null>(null);
  const open = (space: Space) =>
    void navigate({ to: '/s/$spaceId', params: { spaceId: space.id } });
  return (
    <>
      <ul className={classes.list} aria-label="Spaces">
        {spaces.map((space) => (
          <SpaceRow key={space.id} space={space} onOpen={open} onUnlock={setLocked} />
        ))}
      </ul>
      <JoinDialog
        space={locked}
        isOpen={locked !== null}
        onClose={() => setLocked(null)}
        onJoined={open}
      />
    </>
  );
}
