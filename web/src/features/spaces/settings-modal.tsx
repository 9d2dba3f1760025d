import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import { DeleteSpaceForm } from './delete-space-form.tsx';
import classes from './settings-modal.module.css';
import { MarkFields } from './mark-fields.tsx';
import { DESCRIPTION_MAX, emojiProblem, SPACE_NAME_MAX, spaceNameProblem } from './space-form.ts';
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
    initialValues: {
      name: space.name,
      description: space.description ?? '',
      emoji: space.emoji ?? '',
      colour: space.colour,
    },
    validate: { name: spaceNameProblem, emoji: emojiProblem },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async (values) => {
    const { name, description, emoji, colour } = values;
    await update({
      name: name.trim(),
      description: description.trim(),
      emoji: emoji.trim() || null,
      colour,
    });
    notifications.show({ message: 'Space saved' });
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label="Name and description">
      <Stack gap={16} className={classes.section}>
        <TextInput
          label="Name"
          maxLength={SPACE_NAME_MAX}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={DESCRIPTION_MAX}
          {...form.getInputProps('description')}
        />
        <MarkFields
          space={space}
          emoji={form.getInputProps('emoji')}
          colour={form.values.colour}
          onColour={(colour) => form.setFieldValue('colour', colour)}
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
