import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Space } from '@teambrain/contract/spaces.ts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '../../platform/problem.ts';
import { count } from '../../platform/words.ts';
import { Chip } from '../../ui/chip.tsx';
import { SpaceMark } from '../../ui/space-mark.tsx';
import classes from './browse-spaces.module.css';
import { useJoinSpace } from './spaces.queries.ts';

interface Props {
  space: Space;
  onOpen: (space: Space) => void;
  onUnlock: (space: Space) => void;
}

export function SpaceRow({ space, onOpen, onUnlock }: Props) {
  const join = useJoinSpace();
  const [isBusy, setIsBusy] = useState(false);
  const isClosed = space.visibility === 'protected' && space.role === null;
  const joinNow = () => {
    if (isClosed) return onUnlock(space);
    setIsBusy(true);
    join(space.id)
      .then(onOpen)
      .catch((error: unknown) => notifications.show({ color: 'red', message: messageOf(error) }))
      .finally(() => setIsBusy(false));
  };
  return (
    <li className={classes.row}>
      <SpaceMark space={space} size={32} />
      <div className={classes.about}>
        <div className={classes.name}>
          {isClosed ? (
            <bdi>{space.name}</bdi>
          ) : (
            <Link to="/s/$spaceId" params={{ spaceId: space.id }}>
              <bdi>{space.name}</bdi>
            </Link>
          )}
        </div>
        <div className={classes.dim} dir="auto">
          {describe(space)}
        </div>
      </div>
      {space.role ? (
        <Chip tone="good">{space.role === 'member' ? 'Joined' : sentenceCase(space.role)}</Chip>
      ) : (
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          onClick={joinNow}
          aria-label={`Join ${space.name}`}
        >
          Join
        </Button>
      )}
    </li>
  );
}

function describe({ memberCount, description, visibility, role }: Space): string {
  if (visibility === 'protected' && role === null) return 'Protected: join with its password';
  const members = memberCount === null ? '' : count(memberCount, 'member');
  return [members, description].filter(Boolean).join(' · ');
}

function sentenceCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
