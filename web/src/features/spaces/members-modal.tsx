import { Button, Modal, Select, Text } from '@mantine/core';
import { canChangeMember, type Role } from '@teambrain/contract/role.ts';
import type { Membership, Space } from '@teambrain/contract/spaces.ts';
import { useState } from 'react';
import { useUser } from '../../platform/session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './members-modal.module.css';
import { useChangeRole, useMembers, useRemoveMember } from './spaces.queries.ts';

interface Props {
  space: Space;
  isOpen: boolean;
  onClose: () => void;
}

export function MembersModal({ space, isOpen, onClose }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={
        <>
          Members of <bdi>{space.name}</bdi>
        </>
      }
      size="lg"
    >
      <Members space={space} />
    </Modal>
  );
}

function Members({ space }: { space: Space }) {
  const members = useMembers(space.id);
  const change = useChangeRole(space.id);
  const remove = useRemoveMember(space.id);
  const failed = change.error ?? remove.error;
  if (members.isPending) return <Lines count={4} />;
  if (members.isError) {
    return <Failed error={members.error} onRetry={() => void members.refetch()} />;
  }
  return (
    <>
      {failed && <Failed error={failed} />}
      <ul className={classes.list} aria-label="Members">
        {members.data.map((member) => (
          <MemberRow
            key={member.user.id}
            member={member}
            space={space}
            onRole={(role) => change.mutate({ userId: member.user.id, role })}
            onRemove={() => remove.mutate(member.user.id)}
          />
        ))}
      </ul>
    </>
  );
}

const ROLES: { value: Role; label: string }[] = [
  { value: 'owner', label: 'Owner' },
  { value: 'moderator', label: 'Moderator' },
  { value: 'member', label: 'Member' },
];

interface RowProps {
  member: Membership;
  space: Space;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function MemberRow({ member, space, onRole, onRemove }: RowProps) {
  const me = useUser();
  const [isSure, setIsSure] = useState(false);
  const { user, role } = member;
  const isMe = user.id === me.id;
  const allowed = ROLES.filter((one) => canChangeMember(space.role, role, one.value));
  const canRemove = !isMe && canChangeMember(space.role, role, null);
  return (
    <li className={classes.row}>
      <Avatar id={user.id} name={user.name} />
      <div className={classes.about}>
        <div className={classes.name}>
          <bdi>{user.name}</bdi>
          {isMe && ' (you)'}
        </div>
        <div className={classes.dim}>
          Joined <Time at={member.joinedAt} />
        </div>
      </div>
      {allowed.length > 1 && !isMe ? (
        <Select
          aria-label={`Role of ${user.name}`}
          size="xs"
          w={120}
          allowDeselect={false}
          data={ROLES.filter((one) => one.value === role || allowed.includes(one))}
          value={role}
          onChange={(next) => next && onRole(next)}
        />
      ) : (
        <Text c="dimmed" size="sm">
          {ROLES.find((one) => one.value === role)?.label}
        </Text>
      )}
      {canRemove && (
        <Button
          size="xs"
          variant={isSure ? 'filled' : 'default'}
          color={isSure ? 'red' : undefined}
          onClick={() => (isSure ? onRemove() : setIsSure(true))}
          onBlur={() => setIsSure(false)}
          aria-label={isSure ? `Confirm removing ${user.name}` : `Remove ${user.name}`}
        >
          {isSure ? 'Really remove' : 'Remove'}
        </Button>
      )}
    </li>
  );
}
