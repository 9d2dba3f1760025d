import { Button } from '@mantine/core';
import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { kinds } from '../kinds.ts';

interface Props {
  spaceId: string;
  kind: EntryKind;
  /** Whether it is the one thing to do on the page, and has its accent. */
  isMain?: boolean;
}

export function NewButton({ spaceId, kind, isMain = false }: Props) {
  return (
    <Button
      variant={isMain ? 'filled' : 'default'}
      leftSection={<IconPlus size={16} />}
      renderRoot={(props) => (
        <Link to="/s/$spaceId/new" params={{ spaceId }} search={{ kind }} {...props} />
      )}
    >
      {kinds[kind].add}
    </Button>
  );
}
