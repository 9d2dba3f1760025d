import { Button, PasswordInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { PASSWORD_MAX, PASSWORD_MIN } from '@teambrain/contract/auth.ts';
import { useSubmit } from '../../platform/form.ts';
import { useUser } from '../../platform/session.tsx';
import { count } from '../../platform/words.ts';
import { Failed } from '../../platform/failed.tsx';
import { NewPassword } from '../../ui/password/new-password.tsx';
import classes from './account.module.css';
import { useChangePassword } from './auth.queries.ts';
import { passwordProblem, wordsOf } from './password.ts';

export function PasswordForm() {
  const user = useUser();
  const change = useChangePassword();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current: '', password: '' },
    validate: { current: isNotEmpty('Type your current password'), password: passwordProblem },
  });
  const { onSubmit, failure, isBusy } = useSubmit(
    form,
    async (values) => {
      const ended = await change(values);
      form.reset();
      const others = ended > 0 ? ` ${count(ended, 'other session')} ended.` : '';
      notifications.show({ message: `Password changed.${others}` });
    },
    { fields: { 'wrong-password': 'current' } },
  );
  return (
    <section className={classes.section} aria-labelledby="password">
      <h2 id="password">Password</h2>
      <p>Changing it ends every other session.</p>
      <form className={classes.form} onSubmit={onSubmit} noValidate aria-label="Change password">
        <input type="text" hidden readOnly autoComplete="username" value={user.email} />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          key={form.key('current')}
          {...form.getInputProps('current')}
        />
        <NewPassword
          label="New password"
          minimum={PASSWORD_MIN}
          words={() => wordsOf(user)}
          autoComplete="new-password"
          maxLength={PASSWORD_MAX}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Failed {...failure} />}
        <Button type="submit" loading={isBusy}>
          Change password
        </Button>
      </form>
    </section>
  );
}
