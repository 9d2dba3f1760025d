import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { PASSWORD_MAX, PASSWORD_MIN, NAME_MAX } from '@teambrain/contract/auth.ts';
import { Link } from '@tanstack/react-router';
import { useSubmit } from '../../platform/form.ts';
import { useSession } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { Failed } from '../../platform/failed.tsx';
import { NewPassword } from '../../ui/password/new-password.tsx';
import { AuthCard } from './auth-card.tsx';
import classes from './auth-card.module.css';
import { looksLikeEmail } from './email.ts';
import { passwordProblem, wordsOf } from './password.ts';

interface Props {
  isEmpty: boolean;
  isOpen: boolean;
  to: string | undefined;
}

export function SignUp({ isEmpty, isOpen, to }: Props) {
  useTitle('Create an account');
  const session = useSession();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (value) => (value.trim() ? null : 'Type your name'),
      email: looksLikeEmail,
      password: passwordProblem,
    },
  });
  const { onSubmit, failure, isBusy } = useSubmit(
    form,
    ({ name, email, password }) =>
      session.register({ name: name.trim(), email: email.trim(), password }),
    {
      fields: { 'email-taken': 'email' },
      words: { 'email-taken': 'An account with this e-mail exists. Sign in instead.' },
    },
  );
  const signIn = (
    <Link to="/sign-in" search={{ to }}>
      Sign in
    </Link>
  );
  if (!isOpen) {
    return (
      <AuthCard title="Sign-up is closed" hint="Ask an administrator of this instance.">
        <p style={{ marginTop: 16 }}>{signIn}</p>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={isEmpty ? 'Set up TeamBrain' : 'Create an account'}
      hint={isEmpty ? 'The first account becomes the administrator.' : undefined}
      foot={!isEmpty && <>Have an account? {signIn}</>}
    >
      <form className={classes.form} onSubmit={onSubmit} noValidate aria-label="Create an account">
        <TextInput
          label="Name"
          autoComplete="name"
          autoFocus
          maxLength={NAME_MAX}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <NewPassword
          label="Password"
          minimum={PASSWORD_MIN}
          words={() => wordsOf(form.getValues())}
          autoComplete="new-password"
          maxLength={PASSWORD_MAX}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Failed {...failure} />}
        <Button type="submit" loading={isBusy} fullWidth>
          Create account
        </Button>
      </form>
    </AuthCard>
  );
}
