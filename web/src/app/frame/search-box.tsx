import {
  IconFilePlus,
  IconGavel,
  IconHelpCircle,
  IconHome,
  IconLayoutGrid,
  IconPencil,
  IconPlus,
  IconSparkles,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SearchAction } from '../../features/search/search-action.ts';
import { SearchDialog } from '../../features/search/search-dialog.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';
import { useRecents, type Recent } from '../../platform/recents.ts';
import { passageLink } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceMark } from '../../ui/space-mark.tsx';
import { openCreateSpace } from './dialogs.ts';

/** Spaces to write in that are offered where none is open. */
const MAX_SPACES = 3;

const finds = (words: string) => (query: string) =>
  words.toLowerCase().includes(query.toLowerCase());

/** Search and commands; each opening begins with an empty field. */
export function SearchBox({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return isOpen && <OpenSearch onClose={onClose} />;
}

function OpenSearch({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const actions = useActions();
  return (
    <SearchDialog
      onClose={onClose}
      actions={actions}
      onHit={(hit) => void navigate(passageLink(hit))}
    />
  );
}

function useActions(): SearchAction[] {
  const navigate = useNavigate();
  const spaces = useJoinedSpaces().data ?? [];
  const { spaceId, entryId } = useParams({ strict: false });
  const recents = useRecents().filter((one) => spaces.some(({ id }) => id === one.spaceId));
  // Where one is, or was lately.
  const hereId = spaceId ?? recents[0]?.spaceId;
  const here = spaces.find((space) => space.id === hereId);
  const create = (space: Space, kind: EntryKind, noun: string, icon: ReactNode): SearchAction => {
    const plain = `New ${noun} in ${space.name}`;
    const isTitle = (query: string) => query !== '' && !finds(plain)(query);
    return {
      id: `create ${kind} ${space.id}`,
      label: (query) => (isTitle(query) ? `New ${noun} “${query}” in ${space.name}` : plain),
      icon,
      run: (query) =>
        void navigate({
          to: '/s/$spaceId/new',
          params: { spaceId: space.id },
          search: { kind, title: isTitle(query) ? query.slice(0, 200) : undefined },
        }),
    };
  };
  const document = <IconFilePlus size={16} />;
  const creations = here
    ? [
        create(here, 'document', 'document', document),
        create(here, 'faq', 'FAQ', <IconHelpCircle size={16} />),
        create(here, 'decision', 'decision', <IconGavel size={16} />),
      ]
    : spaces.slice(0, MAX_SPACES).map((space) => ({
        ...create(space, 'document', 'document', document),
        isForNothing: true,
      }));
  const ask: SearchAction = {
    id: 'ask',
    label: (query) => (query ? `Ask “${query}”` : 'Ask a question'),
    icon: <IconSparkles size={16} />,
    run: (query) => void navigate({ to: '/ask', search: { q: query || undefined } }),
  };
  return [
    // The page that is open is no place to go.
    ...recents
      .filter((one) => one.entryId !== entryId)
      .map((one) => recentAction(one, spaces, navigate)),
    ask,
    ...creations,
    ...spaces.map((space) => ({
      id: space.id,
      label: `Go to ${space.name}`,
      icon: <SpaceMark space={space} />,
      matches: finds(`go to ${space.name}`),
      run: () => void navigate({ to: '/s/$spaceId', params: { spaceId: space.id } }),
    })),
    {
      id: 'home',
      label: 'Go to Home',
      icon: <IconHome size={16} />,
      matches: finds('go to home'),
      run: () => void navigate({ to: '/' }),
    },
    {
      id: 'drafts',
      label: 'Drafts & scheduled',
      icon: <IconPencil size={16} />,
      matches: finds('go to drafts & scheduled'),
      run: () => void navigate({ to: '/drafts' }),
    },
    {
      id: 'groups',
      label: 'Groups',
      icon: <IconUsersGroup size={16} />,
      matches: finds('go to groups'),
      run: () => void navigate({ to: '/groups' }),
    },
    {
      id: 'browse',
      label: 'Browse spaces',
      icon: <IconLayoutGrid size={16} />,
      matches: finds('browse spaces'),
      run: () => void navigate({ to: '/spaces' }),
    },
    {
      id: 'create space',
      label: 'Create a space',
      icon: <IconPlus size={16} />,
      matches: finds('create a space'),
      run: openCreateSpace,
    },
  ];
}

function recentAction(
  { entryId, spaceId, kind, title }: Recent,
  spaces: readonly Space[],
  navigate: ReturnType<typeof useNavigate>,
): SearchAction {
  const space = spaces.find((one) => one.id === spaceId);
  return {
    id: `recent ${entryId}`,
    label: `${title} · ${space?.name ?? ''}`,
    icon: <KindIcon kind={kind} />,
    isRecent: true,
    matches: (query) => query === '',
    run: () => void navigate({ to: '/s/$spaceId/e/$entryId', params: { spaceId, entryId } }),
  };
}
