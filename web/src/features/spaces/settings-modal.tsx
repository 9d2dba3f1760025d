import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import { DeleteSpaceForm } from './delete-space-form.tsx';
import classes from './settings-modal.module.css';
import { DESCRIPTION_MAX, SPACE_NAME_MAX, spaceNameProblem } from './space-form.ts';
import { SpacePasswordForm } from './space-password-form.tsx';
import { useUpdateSpace } from './spaces.queries.ts';

interface Props {
  space: Space;
  isOpen: boolean;
  onClose: () => void;
}

export function SettingsModal({ space, isOpen, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Space settings" size="lg">
      <AboutForm space={space} />
      {space.visibility === 'protected' && <SpacePasswordForm space={space} />}
      {space.role === 'owner' && <DeleteSpaceForm space={space} onDeleted={onClose} />}
    </Modal>
  );
}

function AboutForm({ space }: { space: Space }) {
  const update = useUpdateSpace(space.id);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: space.name, description: space.description ?? '' },
    validate: { name: spaceNameProblem },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async ({ name, description }) => {
    await update({ name: name.trim(), description: description.trim() });
    notifications.show({ message: 'Space saved' });
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label="Name and description">
      <Stack gap={16} className={classes.section}>
        <TextInput
          label="Name"
          maxLength={SPACE_NAME_MAX}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={DESCRIPTION_MAX}
          key={form.key('description')}
          {...form.getInputProps('description')}
        />
        {failure && <Failed {...failure} />}
        <div>
          <Button type="submit" loading={isBusy}>
            Save
          </Button>
        </div>
      </Stack>
    </form>
  );
}
