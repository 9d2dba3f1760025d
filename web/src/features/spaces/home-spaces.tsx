import * as chat from '@teambrain/contract/chat.ts';
import type { Message } from '@teambrain/contract/chat.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCall } from '../../platform/session.tsx';
import { useUnread } from '../../platform/unread.ts';
import { count } from '../../platform/words.ts';
import { plain } from '../../ui/plain-text.ts';
import { SpaceMark } from '../../ui/space-mark.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './home-spaces.module.css';
import { spaceKeys } from './spaces.events.ts';

/** The joined spaces with what was last said in each. */
export function HomeSpaces({ spaces }: { spaces: readonly Space[] }) {
  return (
    <section aria-labelledby="your-spaces">
      <h2 id="your-spaces" className={classes.head}>
        Your spaces
      </h2>
      <ul className={classes.list}>
        {spaces.map((space) => (
          <SpaceCard key={space.id} space={space} />
        ))}
      </ul>
    </section>
  );
}

function useLastMessage(space: Space) {
  const call = useCall();
  return useQuery({
    queryKey: spaceKeys.lastMessage(space.id),
    queryFn: async ({ signal }): Promise<Message | null> => {
      const { id: spaceId } = space;
      const page = await call(
        chat.listMessages,
        { params: { spaceId }, query: { limit: 1 } },
        { signal },
      );
      return page.items.at(-1) ?? null;
    },
    staleTime: 5_000,
  });
}

function SpaceCard({ space }: { space: Space }) {
  const unread = useUnread().get(space.id) ?? 0;
  const last = useLastMessage(space);
  return (
    <li>
      <Link to="/s/$spaceId" params={{ spaceId: space.id }} className={classes.card}>
        <SpaceMark space={space} size={32} />
        <span className={classes.about}>
          <span className={classes.name} data-unread={unread > 0 || undefined}>
            {space.name}
            {unread > 0 && <span className={classes.fresh}>{count(unread, 'new message')}</span>}
          </span>
          <span className={classes.last}>{last.isPending ? '\u00a0' : lastWords(last.data)}</span>
        </span>
        <span className={classes.meta}>
          {last.data && <Time at={last.data.createdAt} />}
          {space.memberCount !== null && <span>{count(space.memberCount, 'member')}</span>}
        </span>
      </Link>
    </li>
  );
}

function lastWords(message: Message | null | undefined): string {
  if (message === undefined) return 'The last message could not be read';
  if (message === null) return 'Nothing was said yet';
  if (message.deletedAt) return 'The last message was deleted';
  return `${message.author.name}: ${plain(message.text)}`;
}
