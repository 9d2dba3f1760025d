import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { AnswerOf } from '@teambrain/contract/endpoint.ts';
import type { getGroup, GroupMember } from '@teambrain/contract/groups.ts';
import { useState } from 'react';
import { messageOf } from '../../platform/problem.ts';
import { useUser } from '../../platform/session.tsx';
import { count } from '../../platform/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Chip } from '../../ui/chip.tsx';
import classes from './groups.module.css';
import { useGroupChanges } from './groups.queries.ts';

interface Props {
  group: AnswerOf<typeof getGroup>;
  mayKeep: boolean;
}

/** Who is in a group, of those whom the reader may know. */
export function GroupMembers({ group, mayKeep }: Props) {
  const hidden = group.memberCount - group.members.length;
  return (
    <>
      <ul className={classes.list} aria-label="Members">
        {group.members.map((member) => (
          <Row key={member.user.id} groupId={group.id} member={member} mayKeep={mayKeep} />
        ))}
      </ul>
      {hidden > 0 && (
        <p className={classes.dim}>
          and {count(hidden, 'person', 'people')} whom you share no space with
        </p>
      )}
    </>
  );
}

interface RowProps {
  groupId: string;
  member: GroupMember;
  mayKeep: boolean;
}

function Row({ groupId, member: { user, role }, mayKeep }: RowProps) {
  const me = useUser();
  const { putMember, removeMember } = useGroupChanges();
  const [isBusy, setIsBusy] = useState(false);
  const isMe = user.id === me.id;
  const run = (change: () => Promise<unknown>) => () => {
    setIsBusy(true);
    void change()
      .catch((error: unknown) => notifications.show({ color: 'red', message: messageOf(error) }))
      .finally(() => setIsBusy(false));
  };
  const isOwner = role === 'owner';
  return (
    <li className={classes.row}>
      <Avatar id={user.id} name={user.name} />
      <div className={classes.about}>
        <span className={classes.name}>
          <bdi>{user.name}</bdi>
          {isMe && ' (you)'}
        </span>
      </div>
      {isOwner && <Chip tone="good">Owner</Chip>}
      {mayKeep && (
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          aria-label={isOwner ? `Make ${user.name} no owner` : `Make ${user.name} an owner`}
          onClick={run(() => putMember(groupId, user.id, isOwner ? 'member' : 'owner'))}
        >
          {isOwner ? 'No owner' : 'Make owner'}
        </Button>
      )}
      {(mayKeep || isMe) && (
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          aria-label={isMe ? 'Leave the group' : `Remove ${user.name}`}
          onClick={run(() => removeMember(groupId, user.id))}
        >
          {isMe ? 'Leave' : 'Remove'}
        </Button>
      )}
    </li>
  );
}
