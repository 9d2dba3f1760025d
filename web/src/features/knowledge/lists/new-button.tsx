import { Button } from '@mantine/core';
import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { kinds } from '../kinds.ts';

export function NewButton({ spaceId, kind }: { spaceId: string; kind: EntryKind }) {
  return (
    <Button
      leftSection={<IconPlus size={16} />}
      renderRoot={(props) => (
        <Link to="/s/$spaceId/new" params={{ spaceId }} search={{ kind }} {...props} />
      )}
    >
      {kinds[kind].add}
    </Button>
  );
}
