import { listMessages, type Message } from '@teambrain/contract/chat.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCall } from '../../../platform/session.tsx';
import { sourceLink } from '../../../platform/source-link.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { plain } from '../../../ui/plain-text.ts';
import { Time } from '../../../ui/time.tsx';
import { chatKeys } from '../chat.events.ts';
import classes from './quotes.module.css';

/** What a message quotes that came by an event, which carries no words of others. */
function useQuote({ spaceId, id }: Message, known: Quote | null) {
  const call = useCall();
  const { data } = useQuery({
    queryKey: chatKeys.quote(spaceId, id),
    queryFn: async ({ signal }) => {
      const query = { around: id, limit: 1 };
      const page = await call(listMessages, { params: { spaceId }, query }, { signal });
      return page.states.find((state) => state.id === id)?.quote ?? null;
    },
    enabled: known === null,
    staleTime: Infinity,
  });
  return known ?? data ?? null;
}

/** The message that another one quotes, in a few lines; leads to it. */
export function QuotedMessage({ message, known }: { message: Message; known: Quote | null }) {
  const quote = useQuote(message, known);
  if (!quote) return <div className={classes.quote} aria-hidden />;
  const { from, words, isChanged } = quote;
  if (!words) {
    return (
      <div className={classes.quote}>
        <p className={classes.gone}>
          {isChanged
            ? 'The quoted message was edited after it was forwarded'
            : 'The quoted message was deleted'}
        </p>
      </div>
    );
  }
  const { author, at, text } = words;
  return (
    <blockquote className={classes.quote}>
      <Link
        {...sourceLink({ type: 'message', id: from.id, spaceId: from.spaceId })}
        className={classes.link}
        aria-label={`Quoted message from ${author.name}`}
      >
        <span className={classes.head}>
          <Avatar id={author.id} name={author.name} size={16} />
          <bdi>{author.name}</bdi>
          <Time at={at} />
        </span>
        <span className={classes.text} dir="auto">
          {plain(text) || <i>without words</i>}
        </span>
      </Link>
    </blockquote>
  );
}
