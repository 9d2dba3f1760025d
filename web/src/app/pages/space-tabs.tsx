import { Link, useChildMatches, useSearch } from '@tanstack/react-router';
import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import { useShownKind } from '../../features/knowledge/entry/shown-kind.ts';
import classes from './space-tabs.module.css';

const TABS = [
  { to: '/s/$spaceId', label: 'Chat', kind: null },
  { to: '/s/$spaceId/documents', label: 'Documents', kind: 'document' },
  { to: '/s/$spaceId/faqs', label: 'FAQs', kind: 'faq' },
  { to: '/s/$spaceId/decisions', label: 'Decisions', kind: 'decision' },
] as const;

export function SpaceTabs({ spaceId }: { spaceId: string }) {
  const shown = useKind();
  return (
    <nav className={classes.tabs} aria-label="Space">
      {TABS.map(({ to, label, kind }) => (
        <Link
          key={to}
          to={to}
          params={{ spaceId }}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{}}
          aria-current={shown === kind ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** What kind of thing the page shows: null for the chat, undefined while that is not known. */
function useKind(): EntryKind | null | undefined {
  const path = useChildMatches({ select: (matches) => matches.at(-1)?.fullPath }) ?? '';
  const ofEntry = useShownKind();
  const ofNew = useSearch({ strict: false, select: (search) => search.kind });
  if (path.endsWith('/documents')) return 'document';
  if (path.endsWith('/faqs')) return 'faq';
  if (path.endsWith('/decisions')) return 'decision';
  if (path.endsWith('/new')) return ofNew ?? 'document';
  if (path.includes('/e/')) return ofEntry;
  return null;
}
