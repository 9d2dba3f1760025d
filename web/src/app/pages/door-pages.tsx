import { useSearch } from '@tanstack/react-router';
import { useInstance } from '../../features/auth/auth.queries.ts';
import { SignIn } from '../../features/auth/sign-in.tsx';
import { SignUp } from '../../features/auth/sign-up.tsx';

export function SignInPage() {
  const { to } = useSearch({ from: '/sign-in' });
  const instance = useInstance();
  return <SignIn canSignUp={instance.data?.signUp !== 'closed'} to={to} />;
}

export function SignUpPage() {
  const { to } = useSearch({ from: '/sign-up' });
  const instance = useInstance();
  const isEmpty = instance.data?.isEmpty ?? false;
  // An empty instance takes its first account whatever it is set to.
  const isOpen = isEmpty || instance.data?.signUp !== 'closed';
  return <SignUp isEmpty={isEmpty} isOpen={isOpen} to={to} />;
}
