import { useTypists } from '../../../platform/live.tsx';

/** Who is typing; its room is always there, so nothing jumps. */
export function TypingLine({ spaceId, threadId }: { spaceId: string; threadId?: string }) {
  const names = useTypists(spaceId, threadId).map((one) => one.person.name);
  if (names.length === 0) return null;
  return <span dir="auto">{sentence(names)}</span>;
}

export function sentence(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length === 1) return `${first} is typing…`;
  if (names.length === 2) return `${first} and ${second} are typing…`;
  return 'Several people are typing…';
}
