import { Button, PasswordInput, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { useSubmit } from '../../platform/form.ts';
import { hasSessionEnded } from '../../platform/session-end.ts';
import { useSession } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { Failed } from '../../platform/failed.tsx';
import { AuthCard } from './auth-card.tsx';
import classes from './auth-card.module.css';
import { looksLikeEmail } from './email.ts';

interface Props {
  canSignUp: boolean;
  /** Where to go once signed in; kept on the way to the sign-up. */
  to: string | undefined;
}

export function SignIn({ canSignUp, to }: Props) {
  useTitle('Sign in');
  const session = useSession();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: { email: looksLikeEmail, password: isNotEmpty('Type your password') },
  });
  const { onSubmit, failure, isBusy } = useSubmit(
    form,
    (values) => session.login({ ...values, email: values.email.trim() }),
    {
      fields: { 'wrong-credentials': 'password' },
      words: { 'wrong-credentials': 'E-mail or password is wrong. Check both and try again.' },
    },
  );
  return (
    <AuthCard
      title="Sign in to TeamBrain"
      hint={hasSessionEnded() && 'Your session has ended. Sign in to go on where you were.'}
      foot={
        canSignUp && (
          <>
            New here?{' '}
            <Link to="/sign-up" search={{ to }}>
              Create an account
            </Link>
          </>
        )
      }
    >
      <form className={classes.form} onSubmit={onSubmit} noValidate aria-label="Sign in">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Failed {...failure} />}
        <Button type="submit" loading={isBusy} fullWidth>
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
