import { Button } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconChevronDown, IconSparkles } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { dialogLater } from '../../platform/later.tsx';
import { MenuButton } from '../../platform/menu/menu-button.tsx';
import { openPanel } from '../../platform/panel.tsx';
import classes from './summarise-menu.module.css';

const DateDialog = dialogLater(() =>
  import('../../ui/date-dialog.tsx').then((module) => module.DateDialog),
);

const DAY = 86_400_000;

export function SummariseMenu({ space }: { space: Space }) {
  const [isChoosing, setIsChoosing] = useState(false);
  const close = useCallback(() => setIsChoosing(false), []);
  const open = (label: string, from: string | null) =>
    openPanel({ kind: 'summary', spaceId: space.id, spaceName: space.name, label, from });
  const since = (days: number) => new Date(Date.now() - days * DAY).toISOString();
  return (
    <>
      <MenuButton
        position="bottom-end"
        width={200}
        button={
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconSparkles size={16} />}
            rightSection={<IconChevronDown size={14} />}
            classNames={{ label: classes.label, section: classes.section }}
            aria-label="Summarise"
          >
            Summarise
          </Button>
        }
        entries={() => [
          { label: 'Last day', onClick: () => open('the last day', since(1)) },
          { label: 'Last week', onClick: () => open('the last week', since(7)) },
          { label: 'Everything', onClick: () => open('everything', null) },
          { label: 'Since a date…', onClick: () => setIsChoosing(true) },
        ]}
      />
      <DateDialog
        title="Summarise since a date"
        action="Summarise"
        isOpen={isChoosing}
        onClose={close}
        onDate={(date) => {
          close();
          open(`since ${date.toLocaleDateString()}`, date.toISOString());
        }}
      />
    </>
  );
}
