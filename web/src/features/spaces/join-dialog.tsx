import { Modal } from '@mantine/core';
import type { Space } from '@teambrain/contract/spaces.ts';
import { JoinForm } from './join-form.tsx';

interface Props {
  /** The protected space to join. */
  space: Space | null;
  isOpen: boolean;
  onClose: () => void;
  onJoined: (space: Space) => void;
}

export function JoinDialog({ space, isOpen, onClose, onJoined }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={space && `Join ${space.name}`}>
      {space && (
        <JoinForm
          spaceId={space.id}
          spaceName={space.name}
          onCancel={onClose}
          onJoined={() => onJoined(space)}
        />
      )}
    </Modal>
  );
}
