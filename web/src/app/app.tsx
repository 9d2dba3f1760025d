import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { notificationsStore } from '@mantine/notifications';
import type { Session } from '@teambrain/client/session.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { closeDrafts } from '../platform/drafts/drafts.ts';
import { whenIdle } from '../platform/later.tsx';
import { closePanel } from '../platform/panel.tsx';
import { noteSession } from '../platform/session-end.ts';
import { SessionProvider, useSession, useSessionState } from '../platform/session.tsx';
import { clearRecents } from '../platform/recents.ts';
import { clearPlaces } from '../platform/places/places.ts';
import { clearUnread } from '../platform/unread.ts';
import { cssVariables, theme } from '../ui/theme.ts';
import { createClient } from './query-client.ts';
import { createAppRouter, fetchPage } from './router.tsx';
import { Splash } from './splash.tsx';

// The same key as public/scheme.mjs reads before the first paint.
const schemes = localStorageColorSchemeManager({ key: 'teambrain-theme' });

const Toasts = lazy(() => import('./toasts.tsx').then((module) => ({ default: module.Toasts })));

export function App({ session }: { session: Session }) {
  const [client] = useState(createClient);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <ToastsLater />
      <SessionProvider session={session}>
        <QueryClientProvider client={client}>
          <Pages client={client} />
        </QueryClientProvider>
      </SessionProvider>
    </MantineProvider>
  );
}

/** Loads what shows toasts when the first one is there, or when nothing else is to do. */
function ToastsLater() {
  const [isNeeded, setNeeded] = useState(false);
  useEffect(() => {
    const need = () => setNeeded(true);
    const stops = [whenIdle(need), notificationsStore.subscribe(need)];
    return () => stops.forEach((stop) => stop());
  }, []);
  return <Suspense>{isNeeded && <Toasts />}</Suspense>;
}

function Pages({ client }: { client: ReturnType<typeof createClient> }) {
  const session = useSession();
  const state = useSessionState();
  const [router] = useState(() => createAppRouter({ session, client }));
  const [failure, setFailure] = useState(false);
  const userId = state.user?.id ?? null;

  useEffect(() => {
    // The page's code comes while the server is asked who is here.
    fetchPage(router);
    session.restore().catch(() => setFailure(true));
  }, [session, router]);
  useEffect(() => {
    if (userId !== null) noteSession(true);
    // What one person has read is not for whoever signs in next.
    return () => {
      if (userId === null) return;
      noteSession(false);
      client.clear();
      closeDrafts();
      clearUnread();
      clearRecents();
      clearPlaces();
      closePanel();
    };
  }, [client, userId]);
  const isStarting = state.status === 'starting';
  const isShown = useRef(false);
  useEffect(() => {
    if (isStarting) return;
    // At first the provider itself asks the guards of the routes; later they decide again.
    if (isShown.current) void router.invalidate();
    isShown.current = true;
  }, [router, userId, isStarting]);

  if (isStarting) return <Splash isOffline={state.isOffline} isBroken={failure} />;
  return <RouterProvider router={router} />;
}
