import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { NAME_MAX } from '@teambrain/contract/auth.ts';
import { useSubmit } from '../../platform/form.ts';
import { useUser } from '../../platform/session.tsx';
import { Failed } from '../../platform/failed.tsx';
import classes from './account.module.css';
import { useRename } from './auth.queries.ts';

export function ProfileForm() {
  const user = useUser();
  const rename = useRename();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: user.name },
    validate: { name: (value) => (value.trim() ? null : 'Type your name') },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async ({ name }) => {
    await rename(name.trim());
    notifications.show({ message: 'Name saved' });
  });
  return (
    <section className={classes.section} aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <p>
        {user.email}
        {user.isAdministrator && ' · Administrator'}
      </p>
      <form className={classes.form} onSubmit={onSubmit} noValidate aria-label="Profile">
        <TextInput
          label="Name"
          autoComplete="name"
          maxLength={NAME_MAX}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        {failure && <Failed {...failure} />}
        <Button type="submit" loading={isBusy}>
          Save name
        </Button>
      </form>
    </section>
  );
}
