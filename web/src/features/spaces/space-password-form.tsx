import { Button, Checkbox, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { SPACE_PASSWORD_MIN, type Space } from '@teambrain/contract/spaces.ts';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import { NewPassword } from '../../ui/password/new-password.tsx';
import classes from './settings-modal.module.css';
import { spacePasswordProblem } from './space-form.ts';
import { useUpdateSpace } from './spaces.queries.ts';

export function SpacePasswordForm({ space }: { space: Space }) {
  const update = useUpdateSpace(space.id);
  const form = useForm({
    initialValues: { password: '', everyoneJoinsAnew: false },
    validate: { password: spacePasswordProblem },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async (values) => {
    await update(values);
    form.reset();
    notifications.show({ message: 'Password of the space changed' });
  });
  return (
    <form
      onSubmit={onSubmit}
      noValidate
      className={classes.part}
      aria-label="Password of the space"
    >
      <h3>Password</h3>
      <p>People who join from now on need the new one.</p>
      <Stack gap={16}>
        <NewPassword
          label="New password of the space"
          minimum={SPACE_PASSWORD_MIN}
          words={() => [space.name]}
          autoComplete="off"
          maxLength={256}
          {...form.getInputProps('password')}
        />
        <Checkbox
          label="Everyone joins again"
          description={
            space.role === 'owner'
              ? 'Members and moderators lose access until they type the new password. Owners stay.'
              : 'Members lose access until they type the new password. Owners and moderators stay.'
          }
          {...form.getInputProps('everyoneJoinsAnew', { type: 'checkbox' })}
        />
        {failure && <Failed {...failure} />}
        <div>
          <Button type="submit" loading={isBusy}>
            Change password
          </Button>
        </div>
      </Stack>
    </form>
  );
}
