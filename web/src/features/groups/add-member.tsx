import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { AnswerOf } from '@teambrain/contract/endpoint.ts';
import type { getGroup } from '@teambrain/contract/groups.ts';
import { useEffect, useState } from 'react';
import { messageOf } from '../../platform/problem.ts';
import { Avatar } from '../../ui/avatar.tsx';
import classes from './groups.module.css';
import { useGroupChanges, usePeople } from './groups.queries.ts';

/** Milliseconds after the last key until people are looked for. */
const ASK_AFTER = 150;

/** Finds people by their name, to add them to a group. */
export function AddMember({ group }: { group: AnswerOf<typeof getGroup> }) {
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), ASK_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  const people = usePeople(query);
  const { putMember } = useGroupChanges();
  const known = new Set(group.members.map(({ user }) => user.id));
  const found = text.trim() ? (people.data?.items ?? []).filter(({ id }) => !known.has(id)) : [];
  const add = (userId: string) =>
    void putMember(group.id, userId, 'member')
      .then(() => setText(''))
      .catch((error: unknown) => notifications.show({ color: 'red', message: messageOf(error) }));
  return (
    <div role="search" aria-label="Add people">
      <TextInput
        label="Add people"
        placeholder="Begin to type a name"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {text.trim() !== '' && (
        <ul className={classes.list} aria-label="People found">
          {found.map(({ id, name }) => (
            <li key={id} className={classes.row}>
              <Avatar id={id} name={name} />
              <span className={classes.about}>
                <bdi>{name}</bdi>
              </span>
              <Button size="xs" aria-label={`Add ${name}`} onClick={() => add(id)}>
                Add
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className={classes.dim}>
        {text.trim() !== '' && people.isSuccess && !people.isPlaceholderData && found.length === 0
          ? 'Nobody of that name whom you share a space with'
          : ''}
      </p>
    </div>
  );
}
