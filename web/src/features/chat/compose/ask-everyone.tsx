import { Button, Group, Modal, Text } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { count } from '../../../platform/words.ts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  space: Space;
  onSend: () => void;
}

/** Asks before a message that mentions everybody in a large space. */
export function AskEveryone({ isOpen, onClose, space, onSend }: Props) {
  const members = count(space.memberCount ?? 0, 'member');
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Mention all ${members}?`}>
      <Text>
        Everybody in <bdi>{space.name}</bdi> will see that this message mentions them.
      </Text>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep writing
        </Button>
        <Button onClick={onSend}>Send to {members}</Button>
      </Group>
    </Modal>
  );
}
