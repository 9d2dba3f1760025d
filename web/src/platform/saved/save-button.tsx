import { ActionIcon } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { dialogLater } from '../later.tsx';
import { MenuButton } from '../menu/menu-button.tsx';
import { saveEntries } from './save-entries.ts';
import { useSave, useSavedDate, type SavedRef } from './saved.ts';

const DueDialog = dialogLater(() => import('./due-dialog.tsx').then((module) => module.DueDialog));

/** Saves something for later, or gives it another date. */
export function SaveButton({ of, size = 'md' }: { of: SavedRef; size?: 'md' | number }) {
  const date = useSavedDate(of);
  const save = useSave();
  const [isChoosing, setIsChoosing] = useState(false);
  const label = date === undefined ? 'Save for later' : 'Saved for later';
  return (
    <>
      <MenuButton
        position="bottom-end"
        width={240}
        button={
          <ActionIcon size={size} aria-label={label} data-tip={label}>
            {date === undefined ? <IconBookmark size={16} /> : <IconBookmarkFilled size={16} />}
          </ActionIcon>
        }
        entries={() =>
          saveEntries(
            date,
            (next) => void save(of, next),
            () => setIsChoosing(true),
          )
        }
      />
      <DueDialog of={of} isOpen={isChoosing} onClose={() => setIsChoosing(false)} />
    </>
  );
}
