import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { CreateSpace } from '../../features/spaces/create-space.tsx';
import { closeDialog, useDialog } from './dialogs.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';

const SearchBox = lazy(() =>
  import('./search-box.tsx').then((module) => ({ default: module.SearchBox })),
);

export function FrameDialogs() {
  const dialog = useDialog();
  const navigate = useNavigate();
  return (
    <>
      <Suspense>{dialog === 'search' && <SearchBox onClose={closeDialog} />}</Suspense>
      <CreateSpace
        isOpen={dialog === 'create-space'}
        onClose={closeDialog}
        onCreated={(space) => {
          closeDialog();
          void navigate({ to: '/s/$spaceId', params: { spaceId: space.id } });
        }}
      />
      <ShortcutSheet isOpen={dialog === 'shortcuts'} onClose={closeDialog} />
    </>
  );
}
