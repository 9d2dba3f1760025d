import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSave, type SavedRef } from './saved.ts';

interface Props {
  of: SavedRef;
  isOpen: boolean;
  onClose: () => void;
}

/** Asks when to come back to something. */
export function DueDialog({ of, isOpen, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Come back to it">
      <DueForm of={of} onClose={onClose} />
    </Modal>
  );
}

/** An instant as the date and time inputs of browsers want it, in the zone of the reader. */
function toInput(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function DueForm({ of, onClose }: Omit<Props, 'isOpen'>) {
  const save = useSave();
  const [value, setValue] = useState(() => toInput(new Date(Date.now() + 86_400_000)));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const date = new Date(value);
    if (Number.isNaN(date.getTime())) return setError('Choose a date and a time');
    if (date.getTime() <= Date.now()) return setError('Choose a time in the future');
    void save(of, date);
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Come back to it">
      <TextInput
        type="datetime-local"
        label="Date and time"
        data-autofocus
        value={value}
        error={error}
        onChange={(event) => {
          setValue(event.currentTarget.value);
          setError(null);
        }}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </Group>
    </form>
  );
}
