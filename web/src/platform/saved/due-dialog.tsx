import { TimeDialog } from './time-dialog.tsx';
import { useSave, type SavedRef } from './saved.ts';

interface Props {
  of: SavedRef;
  isOpen: boolean;
  onClose: () => void;
}

/** Asks when to come back to something. */
export function DueDialog({ of, isOpen, onClose }: Props) {
  const save = useSave();
  return (
    <TimeDialog
      title="Come back to it"
      action="Save"
      isOpen={isOpen}
      onClose={onClose}
      onTime={(at) => void save(of, at)}
    />
  );
}
