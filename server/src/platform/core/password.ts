import { hash, verify } from '@node-rs/argon2';
import { createSemaphore } from './semaphore.ts';

/** OWASP Password Storage: Argon2id (the library's default kind), 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const HEADER = '$argon2id$v=19$m=19456,t=2,p=1$';

/** A real hash of no one's password: verified where there is none, so that both take as long. */
const DUMMY =
  '$argon2id$v=19$m=19456,t=2,p=1$AH836ayD+FWhOG0w2iHvrg$lz3Ywb/2kueH39tLo8oC9RxhuFoHB9jy4Gq4VO6zhGw';

/**
 * Hashing runs on libuv's threads, which files and DNS share: two at a time leave room for them. Who
 * waits so long that the request could be given up after the hash is told to come back before it.
 */
const gate = createSemaphore({ width: 2, queue: 100, patienceMs: 2_000 });

/** Argon2id PHC string of a password, in the form NFC. @throws busy when too many wait */
export const hashPassword = (password: string): Promise<string> =>
  gate(() => hash(password.normalize('NFC'), PARAMETERS));

/**
 * `right`; `old` where it is right and its hash should be made again, with today's parameters and in
 * the form NFC; or `wrong`.
 */
export type Verdict = 'right' | 'old' | 'wrong';

/**
 * Compares a password with a stored hash. A keyboard may send the same characters in another Unicode
 * form, and hashes older than this rule are of whatever was typed: the other forms are tried as well.
 * Takes the same time without a stored hash.
 * @throws busy when too many wait
 */
export async function checkPassword(stored: string | null, typed: string): Promise<Verdict> {
  const normal = typed.normalize('NFC');
  for (const form of new Set([normal, typed, typed.normalize('NFD')])) {
    const isRight = await gate(() => verify(stored ?? DUMMY, form));
    if (isRight && stored !== null) {
      return form === normal && stored.startsWith(HEADER) ? 'right' : 'old';
    }
  }
  return 'wrong';
}

/** Whether the password fits. @throws busy */
export const verifyPassword = async (stored: string | null, typed: string): Promise<boolean> =>
  (await checkPassword(stored, typed)) !== 'wrong';
