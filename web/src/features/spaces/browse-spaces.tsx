import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMessages, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTitle } from '../../platform/title.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import classes from './browse-spaces.module.css';
import { SpaceRows } from './space-rows.tsx';
import { useBrowseSpaces } from './spaces.queries.ts';

export function BrowseSpaces({ onCreate }: { onCreate: () => void }) {
  useTitle('Spaces');
  const [name, setName] = useState('');
  const [settled] = useDebouncedValue(name.trim(), 150);
  const list = useBrowseSpaces(settled);
  const spaces = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>Spaces</h1>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onCreate}>
          Create space
        </Button>
      </header>
      <TextInput
        aria-label="Search spaces by name"
        placeholder="Search by name"
        leftSection={<IconSearch size={16} />}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {list.isPending && <Lines />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && spaces.length === 0 && (
        <Empty
          icon={<IconMessages size={24} />}
          title={settled ? `No space is called “${settled}”` : 'No spaces yet'}
          action={<Button onClick={onCreate}>Create a space</Button>}
        >
          A space is a room for a team or a topic: its chat, documents, FAQs and decisions.
        </Empty>
      )}
      <SpaceRows spaces={spaces} />
      {list.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more spaces
        </Button>
      )}
    </div>
  );
}
