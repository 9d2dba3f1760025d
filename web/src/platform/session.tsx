import type { User } from '@teambrain/contract/auth.ts';
import type { Call } from '@teambrain/client/call.ts';
import type { Session, SessionState } from '@teambrain/client/session.ts';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  const listen = useCallback((listener: () => void) => session.onChange(listener), [session]);
  return useSyncExternalStore(listen, () => session.state);
}

/** The signed-in person; only for what is rendered behind the sign-in. */
export function useUser(): User {
  const { user } = useSessionState();
  if (!user) throw new SignedOutError();
  return user;
}

const never = () => () => undefined;

/** The signed-in person where there is one: also for what is shown without a session. */
export function useReader(): User | null {
  const session = useContext(SessionContext);
  const listen = useCallback(
    (listener: () => void) => session?.onChange(listener) ?? never(),
    [session],
  );
  return useSyncExternalStore(listen, () => session?.state.user ?? null);
}

/** Thrown while a page that needs an account is rendered for one more moment after a log-out. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}

/** Calls an endpoint of the contract as the signed-in person. */
export function useCall(): Call {
  return useSession().call;
}
