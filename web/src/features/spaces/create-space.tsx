import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Visibility } from '@teambrain/contract/role.ts';
import type { Space, SpaceColour } from '@teambrain/contract/spaces.ts';
import { SPACE_PASSWORD_MIN } from '@teambrain/contract/spaces.ts';
import { v7 as uuid } from 'uuid';
import { useRef } from 'react';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import { NewPassword } from '../../ui/password/new-password.tsx';
import { MarkFields } from './mark-fields.tsx';
import {
  DESCRIPTION_MAX,
  emojiProblem,
  SPACE_NAME_MAX,
  spaceNameProblem,
  spacePasswordProblem,
} from './space-form.ts';
import { useCreateSpace } from './spaces.queries.ts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onCreated: (space: Space) => void;
}

export function CreateSpace({ isOpen, onClose, onCreated }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Create a space">
      <CreateSpaceForm onClose={onClose} onCreated={onCreated} />
    </Modal>
  );
}

function CreateSpaceForm({ onClose, onCreated }: Omit<Props, 'isOpen'>) {
  const create = useCreateSpace();
  // A retry after a lost answer is the same write.
  const id = useRef(uuid());
  const form = useForm({
    initialValues: {
      name: '',
      description: '',
      emoji: '',
      colour: null as SpaceColour | null,
      visibility: 'public' as Visibility,
      password: '',
    },
    validate: {
      name: spaceNameProblem,
      emoji: emojiProblem,
      password: (value, { visibility }) =>
        visibility === 'protected' ? spacePasswordProblem(value) : null,
    },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async (values) => {
    const { name, description, emoji, colour, visibility, password } = values;
    const space = await create({
      id: id.current,
      name: name.trim(),
      visibility,
      ...(description.trim() && { description: description.trim() }),
      emoji: emoji.trim() || null,
      colour,
      ...(visibility === 'protected' && { password }),
    });
    onCreated(space);
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label="Create a space">
      <Stack gap={16}>
        <TextInput
          label="Name"
          placeholder="general"
          data-autofocus
          maxLength={SPACE_NAME_MAX}
          {...form.getInputProps('name')}
        />
        <Textarea
          label="Description"
          description="Optional: what belongs here"
          autosize
          minRows={2}
          maxRows={5}
          maxLength={DESCRIPTION_MAX}
          {...form.getInputProps('description')}
        />
        <MarkFields
          space={{ id: id.current, visibility: form.values.visibility }}
          emoji={form.getInputProps('emoji')}
          colour={form.values.colour}
          onColour={(colour) => form.setFieldValue('colour', colour)}
        />
        <Radio.Group label="Who can read it" {...form.getInputProps('visibility')}>
          <Stack gap={8} mt={8}>
            <Radio
              value="public"
              label="Public"
              description="Everyone on this instance reads and can join"
            />
            <Radio
              value="protected"
              label="Protected"
              description="Only those who join with its password see what it holds"
            />
          </Stack>
        </Radio.Group>
        {form.values.visibility === 'protected' && (
          <NewPassword
            label="Password of the space"
            minimum={SPACE_PASSWORD_MIN}
            words={() => [form.values.name]}
            hint={`At least ${SPACE_PASSWORD_MIN} characters; you hand it to those who may join`}
            autoComplete="off"
            maxLength={256}
            {...form.getInputProps('password')}
          />
        )}
        {failure && <Failed {...failure} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Create space
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
