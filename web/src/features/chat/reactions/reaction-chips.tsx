import type { Message } from '@teambrain/contract/chat.ts';
import type { Reaction } from '@teambrain/contract/reactions.ts';
import { useUser } from '../../../platform/session.tsx';
import { ReactButton } from './react-button.tsx';
import classes from './reaction-chips.module.css';
import { useReact } from './use-react.ts';

interface Props {
  message: Message;
  reactions: readonly Reaction[];
  mayReact: boolean;
}

/** Under a message: each emoji with how many chose it; a click joins them or leaves. */
export function ReactionChips({ message, reactions, mayReact }: Props) {
  const me = useUser();
  const react = useReact(message);
  return (
    <div className={classes.chips} role="group" aria-label="Reactions">
      {reactions.map(({ emoji, count, people }) => {
        const isMine = people.some(({ id }) => id === me.id);
        const who = namesOf(people, count, me.id);
        return (
          <button
            key={emoji}
            type="button"
            className={classes.chip}
            aria-pressed={isMine}
            aria-label={`${emoji}, ${who}`}
            data-tip={`${who} reacted with ${emoji}`}
            disabled={!mayReact}
            onClick={() => void react(emoji, !isMine)}
          >
            <span aria-hidden>{emoji}</span>
            <span className={classes.count}>{count}</span>
          </button>
        );
      })}
      {mayReact && <ReactButton message={message} look="chip" />}
    </div>
  );
}

/** Names in a tooltip before “and 12 others”. */
const NAMED = 8;

/** “You, Ada and Ben”, “Ada, Ben and 12 others”. */
export function namesOf(people: Reaction['people'], count: number, myId: string): string {
  const mine = people.filter(({ id }) => id === myId).map(() => 'You');
  const others = people.filter(({ id }) => id !== myId).map(({ name }) => name);
  const named = [...mine, ...others].slice(0, NAMED);
  const rest = count - named.length;
  if (rest > 0) return `${named.join(', ')} and ${rest} ${rest === 1 ? 'other' : 'others'}`;
  if (named.length < 2) return named.join('');
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}
