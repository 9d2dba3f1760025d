import { abilityIn, isEnough } from '@teambrain/contract/role.ts';
import { useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Decisions } from '../../features/knowledge/lists/decisions.tsx';
import { Documents } from '../../features/knowledge/lists/documents.tsx';
import { EntryPage as Entry } from '../../features/knowledge/entry/entry-page.tsx';
import { Faqs } from '../../features/knowledge/lists/faqs.tsx';
import { NewEntry } from '../../features/knowledge/edit/new-entry.tsx';
import { useUser } from '../../platform/session.tsx';
import { useTitle } from '../../platform/title.ts';
import { useThisSpace } from './space-context.ts';

function useSpaceAndRights() {
  const space = useThisSpace();
  const { isAdministrator } = useUser();
  return { space, canWrite: isEnough(abilityIn({ ...space, isAdministrator }), 'write') };
}

export function DocumentsPage() {
  const rights = useSpaceAndRights();
  useTitle(`Documents · ${rights.space.name}`);
  return <Documents {...rights} />;
}

export function FaqsPage() {
  const rights = useSpaceAndRights();
  useTitle(`FAQs · ${rights.space.name}`);
  return <Faqs {...rights} />;
}

export function DecisionsPage() {
  const rights = useSpaceAndRights();
  useTitle(`Decisions · ${rights.space.name}`);
  return <Decisions {...rights} />;
}

export function NewEntryPage() {
  const { space } = useSpaceAndRights();
  const { kind, parent, title } = useSearch({ from: '/signed-in/s/$spaceId/new' });
  return (
    <NewEntry
      key={`${kind} ${parent ?? ''} ${title ?? ''}`}
      space={space}
      kind={kind}
      title={title ?? ''}
      parentId={parent ?? null}
    />
  );
}

export function EntryPage() {
  const rights = useSpaceAndRights();
  const { entryId } = useParams({ from: '/signed-in/s/$spaceId/e/$entryId' });
  const { start, end, v } = useSearch({ from: '/signed-in/s/$spaceId/e/$entryId' });
  const range = useMemo(
    () => (start === undefined || end === undefined ? null : { start, end }),
    [start, end],
  );
  return <Entry {...rights} entryId={entryId} range={range} version={v} />;
}
