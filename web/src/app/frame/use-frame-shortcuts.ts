import { useNavigate } from '@tanstack/react-router';
import { closePanel } from '../../platform/panel.tsx';
import { useShortcuts } from '../../platform/keys/shortcuts.ts';
import { openSearch, openShortcuts } from './dialogs.ts';
import { toggleSidebar } from '../../platform/layout/layout.ts';

export function useFrameShortcuts(): void {
  const navigate = useNavigate();
  useShortcuts({
    'mod+k': openSearch,
    '/': openSearch,
    '?': openShortcuts,
    '[': toggleSidebar,
    'g h': () => void navigate({ to: '/' }),
    'g a': () => void navigate({ to: '/ask' }),
    'g t': () => void navigate({ to: '/threads' }),
    'g s': () => void navigate({ to: '/spaces' }),
    Escape: () => {
      // Menus and dialogues lie above and close themselves.
      if (!document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) closePanel();
    },
  });
}
