import { Alert, Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconShieldExclamation } from '@tabler/icons-react';
import { messageOf } from '../../platform/problem.ts';
import { Time } from '../../ui/time.tsx';
import { useNoteGuessing } from './spaces.queries.ts';

/** Tells who manages the space that its password is being guessed, and what can be done. */
export function GuessingNotice({ space, onChange }: { space: Space; onChange: () => void }) {
  const takeNote = useNoteGuessing(space.id);
  if (space.guessedAt === null) return null;
  const fail = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) });
  return (
    <Alert
      role="status"
      color="orange"
      variant="light"
      icon={<IconShieldExclamation size={18} />}
      title="Someone may be guessing the password of this space"
      mb="xs"
    >
      Many wrong passwords were tried within an hour, last noticed <Time at={space.guessedAt} />.
      Guessing is slowed down. A new password keeps out those who came close.
      <Group gap={8} mt={8}>
        <Button size="xs" variant="default" onClick={onChange}>
          Change password
        </Button>
        <Button size="xs" variant="subtle" onClick={() => void takeNote().catch(fail)}>
          Dismiss
        </Button>
      </Group>
    </Alert>
  );
}
