import { Modal } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import classes from './browse-spaces.module.css';
import { JoinForm } from './join-form.tsx';
import { SpaceRow } from './space-row.tsx';

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
      <Modal
        opened={locked !== null}
        onClose={() => setLocked(null)}
        title={locked && `Join ${locked.name}`}
      >
        {locked && (
          <JoinForm
            spaceId={locked.id}
            spaceName={locked.name}
            onCancel={() => setLocked(null)}
            onJoined={() => open(locked)}
          />
        )}
      </Modal>
    </>
  );
}
