import { Button } from '@mantine/core';
import { IconDoorEnter, IconFileImport, IconUsersGroup } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LoadSample } from '../../features/sample/load-sample.tsx';
import { SpacesToJoin } from '../../features/spaces/spaces-to-join.tsx';
import { useUser } from '../../platform/session.tsx';
import { openCreateSpace } from '../frame/dialogs.ts';
import classes from './first-run.module.css';

/** Home before any space was joined; administrators find three doors into an empty instance. */
export function FirstRun() {
  const { isAdministrator } = useUser();
  return (
    <>
      <p className={classes.lead}>
        A space is a room for a team or a topic. What is said, written and decided in it can be
        searched, asked about and summarised.
      </p>
      <SpacesToJoin />
      <ul className={classes.doors}>
        <Door icon={<IconDoorEnter size={20} />} title="Start with a space">
          <p>Public for everyone here, or protected by a password.</p>
          <Button onClick={openCreateSpace}>Create a space</Button>
          <Button variant="subtle" renderRoot={(props) => <Link to="/spaces" {...props} />}>
            Browse spaces
          </Button>
        </Door>
        {isAdministrator && (
          <>
            <Door icon={<IconUsersGroup size={20} />} title="Look around first">
              <p>
                Eight made-up people, five spaces, 400 messages, documents, FAQs and decisions.
                Removed in one click.
              </p>
              <LoadSample />
            </Door>
            <Door icon={<IconFileImport size={20} />} title="Bring what you have">
              <p>
                A Slack export or a folder of Markdown. Stop TeamBrain, then run this where it is
                installed:
              </p>
              <code className={classes.command}>npm run seed -- path/to/export</code>
            </Door>
          </>
        )}
      </ul>
    </>
  );
}

interface DoorProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}

function Door({ icon, title, children }: DoorProps) {
  return (
    <li className={classes.door}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <h2>{title}</h2>
      {children}
    </li>
  );
}
