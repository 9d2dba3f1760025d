import { useTitle } from '../../platform/title.ts';
import classes from './account.module.css';
import { PasswordForm } from './password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SessionList } from './session-list.tsx';

export function Account() {
  useTitle('Account');
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Account</h1>
      <ProfileForm />
      <PasswordForm />
      <SessionList />
    </div>
  );
}
