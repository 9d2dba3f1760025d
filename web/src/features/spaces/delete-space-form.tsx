import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useSubmit } from '../../platform/form.ts';
import { Failed } from '../../platform/failed.tsx';
import classes from './settings-modal.module.css';
import { forgetSpace } from './spaces.events.ts';
import { useDeleteSpace } from './spaces.queries.ts';

/** Cannot be undone, so the name has to be typed. */
export function DeleteSpaceForm({ space, onDeleted }: { space: Space; onDeleted: () => void }) {
  const remove = useDeleteSpace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (value) => (value === space.name ? null : 'Type the name as it stands') },
  });
  const { onSubmit, failure, isBusy } = useSubmit(form, async () => {
    await remove(space.id);
    onDeleted();
    await navigate({ to: '/' });
    forgetSpace(client, space.id);
    notifications.show({ message: `${space.name} is deleted` });
  });
  return (
    <form onSubmit={onSubmit} noValidate className={classes.part} aria-label="Delete this space">
      <h3>Delete this space</h3>
      <p>Its messages, documents, FAQs and decisions go with it, for everyone and for good.</p>
      <Stack gap={16}>
        <TextInput
          label={`Type “${space.name}” to confirm`}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {failure && <Failed {...failure} />}
        <div>
          <Button
            type="submit"
            color="red"
            loading={isBusy}
            disabled={form.values.name !== space.name}
          >
            Delete space
          </Button>
        </div>
      </Stack>
    </form>
  );
}
