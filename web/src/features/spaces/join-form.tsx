import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import { useJoinSpace } from './spaces.queries.ts';

interface Props {
  spaceId: string;
  spaceName: string;
  onJoined?: () => void;
  onCancel?: () => void;
}

/** Asks for the password of a protected space. */
export function JoinForm({ spaceId, spaceName, onJoined, onCancel }: Props) {
  const join = useJoinSpace();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: isNotEmpty('Type the password of this space') },
  });
  const { onSubmit, failure, isBusy } = useSubmit(
    form,
    async ({ password }) => {
      await join(spaceId, password);
      onJoined?.();
    },
    {
      fields: { 'wrong-password': 'password' },
      words: {
        'wrong-password': 'That is not the password. Ask someone who has joined.',
        'not-found': 'This space was deleted.',
      },
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate aria-label={`Join ${spaceName}`}>
      <Stack gap={16}>
        <PasswordInput
          label="Password of the space"
          autoComplete="off"
          data-autofocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Failed {...failure} />}
        <Group justify="flex-end" gap={8}>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={isBusy} fullWidth={!onCancel}>
            Join space
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
