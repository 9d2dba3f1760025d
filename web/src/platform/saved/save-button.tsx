import { ActionIcon, Menu } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { dialogLater } from '../later.tsx';
import { SaveItems } from './save-items.tsx';
import { useSavedDate, type SavedRef } from './saved.ts';

const DueDialog = dialogLater(() => import('./due-dialog.tsx').then((module) => module.DueDialog));

/** Saves something for later, or gives it another date. */
export function SaveButton({ of, size = 'md' }: { of: SavedRef; size?: 'md' | number }) {
  const isSaved = useSavedDate(of) !== undefined;
  const [isChoosing, setIsChoosing] = useState(false);
  const label = isSaved ? 'Saved for later' : 'Save for later';
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon size={size} aria-label={label} title={label}>
            {isSaved ? <IconBookmarkFilled size={16} /> : <IconBookmark size={16} />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <SaveItems of={of} onChoose={() => setIsChoosing(true)} />
        </Menu.Dropdown>
      </Menu>
      <DueDialog of={of} isOpen={isChoosing} onClose={() => setIsChoosing(false)} />
    </>
  );
}
