import { Select } from '@mantine/core';
import { branchOf, pathTo } from '../lists/tree.ts';
import { useEntries } from '../knowledge.queries.ts';

interface Props {
  spaceId: string;
  entryId?: string | undefined;
  value: string | null;
  onChange: (parentId: string | null) => void;
}

export function ParentSelect({ spaceId, entryId, value, onChange }: Props) {
  const cards = useEntries(spaceId, 'document').data ?? [];
  const own = entryId ? branchOf(cards, entryId) : new Set<string>();
  const data = cards
    .filter((card) => !own.has(card.id))
    .map((card) => ({
      value: card.id,
      label: [...pathTo(cards, card.id), card].map((one) => one.title).join(' / '),
    }));
  if (data.length === 0) return null;
  return (
    <Select
      label="Inside"
      placeholder="Top level"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Move to the top level' }}
      nothingFoundMessage="No document is called that"
      data={data}
      value={value}
      onChange={onChange}
    />
  );
}
