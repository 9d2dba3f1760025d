import { Button, Group, Menu, Modal, TextInput } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { IconChevronDown, IconSparkles } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { openPanel } from '../../platform/panel.tsx';
import classes from './summarise-menu.module.css';

const DAY = 86_400_000;

export function SummariseMenu({ space }: { space: Space }) {
  const [isChoosing, setIsChoosing] = useState(false);
  const open = (label: string, from: string | null) =>
    openPanel({ kind: 'summary', spaceId: space.id, spaceName: space.name, label, from });
  const since = (days: number) => new Date(Date.now() - days * DAY).toISOString();
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
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
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => open('the last day', since(1))}>Last day</Menu.Item>
          <Menu.Item onClick={() => open('the last week', since(7))}>Last week</Menu.Item>
          <Menu.Item onClick={() => open('everything', null)}>Everything</Menu.Item>
          <Menu.Item onClick={() => setIsChoosing(true)}>Since a date…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isChoosing}
        onClose={() => setIsChoosing(false)}
        title="Summarise since a date"
      >
        <DateForm
          onCancel={() => setIsChoosing(false)}
          onDate={(date) => {
            setIsChoosing(false);
            open(`since ${date.toLocaleDateString()}`, date.toISOString());
          }}
        />
      </Modal>
    </>
  );
}

function DateForm({ onDate, onCancel }: { onDate: (date: Date) => void; onCancel: () => void }) {
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Midnight of that day where the reader is.
    const date = new Date(`${value}T00:00`);
    if (Number.isNaN(date.getTime())) return setError('Choose a date');
    if (date.getTime() > Date.now()) return setError('Choose a date in the past');
    onDate(date);
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Summarise since a date">
      <TextInput
        type="date"
        label="Date"
        data-autofocus
        value={value}
        error={error}
        onChange={(event) => {
          setValue(event.currentTarget.value);
          setError(null);
        }}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit">Summarise</Button>
      </Group>
    </form>
  );
}
