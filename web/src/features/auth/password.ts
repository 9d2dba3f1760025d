import { PASSWORD_MIN } from '@teambrain/contract/auth.ts';

export function passwordProblem(value: string): string | null {
  // Code points, as the server counts.
  return [...value].length < PASSWORD_MIN ? `Use at least ${PASSWORD_MIN} characters` : null;
}

/** What everybody knows of a person, which their password must not be made of. */
export const wordsOf = ({ name, email }: { name: string; email: string }): string[] => [
  name,
  email.split('@')[0] ?? '',
];
