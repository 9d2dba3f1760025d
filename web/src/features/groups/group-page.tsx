import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Group } from '@teambrain/contract/groups.ts';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Failed } from '../../platform/failed.tsx';
import { dialogLater } from '../../platform/later.tsx';
import { codeOf, messageOf } from '../../platform/problem.ts';
import { useUser } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { count } from '../../platform/words.ts';
import { Failure } from '../../ui/failure.tsx';
import { Lines } from '../../ui/lines.tsx';
import { AddMember } from './add-member.tsx';
import { GroupMembers } from './group-members.tsx';
import classes from './groups.module.css';
import { useGroup, useGroupChanges } from './groups.queries.ts';

const NameDialog = dialogLater(() =>
  import('./name-dialog.tsx').then((module) => module.NameDialog),
);

/** A group with its members; its owners keep it here. */
export function GroupPage() {
  const { groupId } = useParams({ from: '/signed-in/groups/$groupId' });
  const me = useUser();
  const group = useGroup(groupId);
  useTitle(group.data?.name ?? 'Group');
  const mayKeep = group.data?.role === 'owner' || me.isAdministrator;
  return (
    <div className={classes.page}>
      <Link to="/groups" className={classes.back}>
        All groups
      </Link>
      {group.isPending && <Lines label="Loading the group" />}
      {group.isError &&
        (codeOf(group.error) === 'not-found' ? (
          <Failure message="This group is not here." />
        ) : (
          <Failed error={group.error} onRetry={() => void group.refetch()} />
        ))}
      {group.data && (
        <>
          <Head group={group.data} mayKeep={mayKeep} />
          {mayKeep && <AddMember group={group.data} />}
          <GroupMembers group={group.data} mayKeep={mayKeep} />
        </>
      )}
    </div>
  );
}

function Head({ group, mayKeep }: { group: Group; mayKeep: boolean }) {
  const { rename, remove } = useGroupChanges();
  const navigate = useNavigate();
  const [isNaming, setIsNaming] = useState(false);
  const [isSure, setIsSure] = useState(false);
  const removeNow = () =>
    void navigate({ to: '/groups' })
      .then(() => remove(group.id))
      .catch((error: unknown) => notifications.show({ color: 'red', message: messageOf(error) }));
  return (
    <div className={classes.head}>
      <div className={classes.about}>
        <h1 className={classes.title}>
          <bdi>{group.name}</bdi>
        </h1>
        <p className={classes.dim}>{count(group.memberCount, 'member')}</p>
      </div>
      {mayKeep && (
        <>
          <Button size="xs" variant="default" onClick={() => setIsNaming(true)}>
            Rename
          </Button>
          <Button
            size="xs"
            variant={isSure ? 'filled' : 'default'}
            color={isSure ? 'red' : undefined}
            onClick={() => (isSure ? removeNow() : setIsSure(true))}
            onBlur={() => setIsSure(false)}
          >
            {isSure ? 'Really delete' : 'Delete'}
          </Button>
        </>
      )}
      <NameDialog
        title="Rename the group"
        action="Rename"
        start={group.name}
        isOpen={isNaming}
        onClose={() => setIsNaming(false)}
        onName={(name) => rename(group.id, name)}
      />
    </div>
  );
}
