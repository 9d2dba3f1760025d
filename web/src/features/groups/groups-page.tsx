import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Failed } from '../../platform/failed.tsx';
import { dialogLater } from '../../platform/later.tsx';
import { useTitle } from '../../platform/title.ts';
import { count } from '../../platform/words.ts';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Lines } from '../../ui/lines.tsx';
import classes from './groups.module.css';
import { useGroupChanges, useGroups } from './groups.queries.ts';

const NameDialog = dialogLater(() =>
  import('./name-dialog.tsx').then((module) => module.NameDialog),
);

/** All groups of the instance. */
export function GroupsPage() {
  useTitle('Groups');
  const groups = useGroups();
  const { create } = useGroupChanges();
  const navigate = useNavigate();
  const [isNaming, setIsNaming] = useState(false);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Groups</h1>
        <Button size="xs" onClick={() => setIsNaming(true)}>
          New group
        </Button>
      </div>
      <p className={classes.dim}>
        A group is people under one name. Mention it with @ in a message, and those of them who are
        in that space are told. It opens no space to anybody.
      </p>
      {groups.isPending && <Lines label="Loading groups" />}
      {groups.isError && <Failed error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && (
        <Empty icon={<IconUsersGroup size={24} />} title="No groups yet">
          Make one for people whom you often call together.
        </Empty>
      )}
      {groups.data && groups.data.length > 0 && (
        <ul className={classes.list} aria-label="Groups">
          {groups.data.map(({ id, name, memberCount, role }) => (
            <li key={id} className={classes.row}>
              <IconUsersGroup size={20} aria-hidden className={classes.icon} />
              <div className={classes.about}>
                <Link to="/groups/$groupId" params={{ groupId: id }} className={classes.name}>
                  <bdi>{name}</bdi>
                </Link>
                <div className={classes.dim}>{count(memberCount, 'member')}</div>
              </div>
              {role && <Chip tone="good">{role === 'owner' ? 'Owner' : 'Member'}</Chip>}
            </li>
          ))}
        </ul>
      )}
      <NameDialog
        title="New group"
        action="Create"
        start=""
        isOpen={isNaming}
        onClose={() => setIsNaming(false)}
        onName={async (name) => {
          const { id } = await create(name);
          await navigate({ to: '/groups/$groupId', params: { groupId: id } });
        }}
      />
    </div>
  );
}
