import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTitle } from '../platform/title.ts';
import { Empty } from '../ui/empty.tsx';

export function NotFoundPage() {
  useTitle('Not found');
  return (
    <Empty
      level="h1"
      icon={<IconMapOff size={24} />}
      title="There is nothing here"
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go home</Button>}
    >
      The address may be wrong, or what was here is deleted or not open to you.
    </Empty>
  );
}
