import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What the button says that takes the time. */
  action: string;
  /** What stands in the field at first; tomorrow at this time unless given. */
  start?: Date | undefined;
  /** A moment in the future, chosen in the zone of the reader. */
  onTime: (at: Date) => void;
}

/** Asks for a moment in the future. */
export function TimeDialog({ isOpen, onClose, title, ...form }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <TimeForm title={title} onClose={onClose} {...form} />
    </Modal>
  );
}

/** An instant as the date and time inputs of browsers want it, in the zone of the reader. */
export function toInput(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** Why what a field says is no moment in the future; null where it is one. */
export function wrongTime(value: string): string | null {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return 'Choose a date and a time';
  return date.getTime() <= Date.now() ? 'Choose a time in the future' : null;
}

function TimeForm({ title, action, start, onTime, onClose }: Omit<Props, 'isOpen'>) {
  const [value, setValue] = useState(() => toInput(start ?? new Date(Date.now() + 86_400_000)));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form around the dialog's button, as that of a message, would be submitted too.
    event.stopPropagation();
    const wrong = wrongTime(value);
    if (wrong) return setError(wrong);
    onTime(new Date(value));
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate aria-label={title}>
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
        <Button type="submit">{action}</Button>
      </Group>
    </form>
  );
}
