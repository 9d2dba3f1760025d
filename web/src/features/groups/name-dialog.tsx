import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { GROUP_NAME_MAX } from '@teambrain/contract/groups.ts';
import { Failed } from '../../platform/failed.tsx';
import { useSubmit } from '../../platform/form.ts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  action: string;
  /** What stands in the field at first. */
  start: string;
  onName: (name: string) => Promise<unknown>;
}

/** Asks for the name of a group. */
export function NameDialog({ isOpen, onClose, title, ...form }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <NameForm title={title} onClose={onClose} {...form} />
    </Modal>
  );
}

function NameForm({ title, action, start, onName, onClose }: Omit<Props, 'isOpen'>) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: start },
    validate: { name: (name) => (name.trim() ? null : 'Give it a name') },
  });
  const submit = useSubmit(form, async ({ name }) => {
    await onName(name.trim());
    onClose();
  });
  return (
    <form onSubmit={submit.onSubmit} noValidate aria-label={title}>
      <TextInput
        label="Name"
        description="As it is mentioned: Design, Night shift …"
        maxLength={GROUP_NAME_MAX}
        data-autofocus
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      {submit.failure && <Failed {...submit.failure} />}
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={submit.isBusy}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
