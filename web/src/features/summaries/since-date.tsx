import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onDate: (date: Date) => void;
}

/** Asks since which date a summary is wanted. */
export function SinceDate({ isOpen, onClose, onDate }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Summarise since a date">
      <DateForm onCancel={onClose} onDate={onDate} />
    </Modal>
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
