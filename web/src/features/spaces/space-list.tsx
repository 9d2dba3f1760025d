import type { Space } from '@teambrain/contract/spaces.ts';
import { IconPencil, IconShieldExclamation } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useDrafts } from '../../platform/drafts/on-server.ts';
import { useMentions, useUnread } from '../../platform/unread.ts';
import { countUpTo99, upTo99 } from '../../platform/words.ts';
import { SpaceMark } from '../../ui/space-mark.tsx';
import classes from './space-list.module.css';

interface Props {
  spaces: readonly Space[];
  /** Whether there is room for their marks alone. */
  isSmall: boolean;
  onGo: () => void;
}

/** The joined spaces in the side bar, with how much new was written in each. */
export function SpaceList({ spaces, isSmall, onGo }: Props) {
  const unread = useUnread();
  const mentions = useMentions();
  const drafted = useDrafts().data ?? [];
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
            title={isSmall ? space.name : undefined}
            onClick={onGo}
          >
            <SpaceMark space={space} />
            <span dir="auto" className={`${classes.name} tb-wide`}>
              {space.name}
            </span>
            {space.guessedAt !== null && (
              <IconShieldExclamation
                size={16}
                className={`${classes.warning} tb-wide`}
                role="img"
                aria-label="Its password may be being guessed"
              />
            )}
            {drafted.some(({ spaceId }) => spaceId === space.id) && (
              <IconPencil
                size={14}
                className={`${classes.draft} tb-wide`}
                role="img"
                aria-label="Draft"
              />
            )}
            <Unread count={unread.get(space.id) ?? 0} mentions={mentions.get(space.id) ?? 0} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Mentions take the place of the count, in another colour and with their sign. */
function Unread({ count: n, mentions }: { count: number; mentions: number }) {
  if (n === 0) return null;
  const messages = countUpTo99(n, 'new message');
  const isCalled = mentions > 0;
  return (
    <span
      className={classes.count}
      data-called={isCalled || undefined}
      role="img"
      aria-label={isCalled ? `${countUpTo99(mentions, 'mention')}, ${messages}` : messages}
    >
      {isCalled ? `@${upTo99(mentions)}` : upTo99(n)}
    </span>
  );
}
