import type { Space } from '@teambrain/contract/spaces.ts';
import { IconShieldExclamation } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useUnreadSpaces } from '../../platform/unread.ts';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import classes from './space-list.module.css';

/** The joined spaces in the side bar, with a dot where something new was written. */
export function SpaceList({ spaces, onGo }: { spaces: readonly Space[]; onGo: () => void }) {
  const unread = useUnreadSpaces();
  return (
    <ul className={classes.list}>
      {spaces.map((space) => (
        <li key={space.id}>
          <Link
            to="/s/$spaceId"
            params={{ spaceId: space.id }}
            className={classes.link}
            activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            data-unread={unread.has(space.id) || undefined}
            onClick={onGo}
          >
            <SpaceIcon visibility={space.visibility} />
            <span className={classes.name}>{space.name}</span>
            {space.guessedAt !== null && (
              <IconShieldExclamation
                size={16}
                className={classes.warning}
                role="img"
                aria-label="Its password may be being guessed"
              />
            )}
            {unread.has(space.id) && (
              <span className={classes.dot} role="img" aria-label="New messages" />
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
