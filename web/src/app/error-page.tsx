import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { SignedOutError } from '../platform/session.tsx';
import { useTitle } from '../platform/title.ts';
import { Empty } from '../ui/empty.tsx';

/** In place of a page that broke. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  useTitle('Something went wrong');
  const router = useRouter();
  const isSignedOut = error instanceof SignedOutError;
  useEffect(() => {
    if (isSignedOut) void router.invalidate();
    else reportError(error);
  }, [router, error, isSignedOut]);
  if (isSignedOut) return null;
  // After an update of the server the parts of the old version are gone.
  const words = error instanceof Error ? error.message : '';
  const isOutdated = /dynamically imported module|module script|Unable to preload/i.test(words);
  return (
    <Empty
      level="h1"
      icon={<IconAlertTriangle size={24} />}
      title={isOutdated ? 'This page could not be loaded' : 'Something went wrong on this page'}
      action={
        <>
          <Button onClick={() => (isOutdated ? location.reload() : reset())}>
            {isOutdated ? 'Reload' : 'Try again'}
          </Button>
          <Button variant="default" onClick={() => location.assign('/')}>
            Go home
          </Button>
        </>
      }
    >
      {isOutdated
        ? 'The connection broke, or TeamBrain was updated. Reload to get the present version.'
        : 'What you wrote elsewhere is not affected. Try again, or go home.'}
    </Empty>
  );
}
