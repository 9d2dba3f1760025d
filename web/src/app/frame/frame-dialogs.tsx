import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { endForward, useForwarding } from '../../platform/forward.ts';
import { dialogLater, whenIdle } from '../../platform/later.tsx';
import { closeDialog, useDialog } from './dialogs.ts';

const loadSearch = () => import('./search-box.tsx').then(({ SearchBox }) => SearchBox);
const SearchBox = dialogLater(loadSearch);
const CreateSpace = dialogLater(() =>
  import('../../features/spaces/create-space.tsx').then((module) => module.CreateSpace),
);
const ForwardDialog = dialogLater(() =>
  import('./forward-dialog.tsx').then((module) => module.ForwardDialog),
);
const ShortcutSheet = dialogLater(() =>
  import('./shortcut-sheet.tsx').then((module) => module.ShortcutSheet),
);

export function FrameDialogs() {
  const dialog = useDialog();
  const forwarding = useForwarding();
  const navigate = useNavigate();
  // The browser keeps what it has loaded: keys typed right after Ctrl+K reach the search.
  useEffect(() => whenIdle(() => void loadSearch().catch(() => undefined)), []);
  return (
    <>
      <SearchBox isOpen={dialog === 'search'} onClose={closeDialog} />
      <CreateSpace
        isOpen={dialog === 'create-space'}
        onClose={closeDialog}
        onCreated={(space) => {
          closeDialog();
          void navigate({ to: '/s/$spaceId', params: { spaceId: space.id } });
        }}
      />
      <ForwardDialog isOpen={forwarding !== null} onClose={endForward} quote={forwarding} />
      <ShortcutSheet isOpen={dialog === 'shortcuts'} onClose={closeDialog} />
    </>
  );
}
