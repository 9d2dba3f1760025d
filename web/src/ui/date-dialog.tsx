import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What the button says that takes the date. */
  action: string;
  /** Midnight of the chosen day where the reader is; never in the future. */
  onDate: (date: Date) => void;
}

/** Asks for a day in the past, or today. */
export function DateDialog({ isOpen, onClose, ...form }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={form.title}>
      <DateForm onCancel={onClose} {...form} />
    </Modal>
  );
}

interface FormProps extends Pick<Props, 'title' | 'action' | 'onDate'> {
  onCancel: () => void;
}

function DateForm({ title, action, onDate, onCancel }: FormProps) {
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const date = new Date(`${value}T00:00`);
    if (Number.isNaN(date.getTime())) return setError('Choose a date');
    if (date.getTime() > Date.now()) return setError('Choose a date in the past');
    onDate(date);
  };
  return (
    <form onSubmit={submit} noValidate aria-label={title}>
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
        <Button type="submit">{action}</Button>
      </Group>
    </form>
  );
}
