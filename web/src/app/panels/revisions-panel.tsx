import { abilityIn, isEnough } from '@teambrain/contract/role.ts';
import { Revisions } from '../../features/knowledge/entry/revisions.tsx';
import { useSpace } from '../../features/spaces/spaces.queries.ts';
import type { PanelView } from '../../platform/panel.tsx';
import { useUser } from '../../platform/session.tsx';

export function RevisionsPanel({ view }: { view: PanelView }) {
  if (view.kind !== 'revisions') return null;
  return <Inner key={view.entryId} spaceId={view.spaceId} entryId={view.entryId} />;
}

function Inner({ spaceId, entryId }: { spaceId: string; entryId: string }) {
  const { isAdministrator } = useUser();
  const space = useSpace(spaceId).data;
  const canWrite =
    space !== undefined && isEnough(abilityIn({ ...space, isAdministrator }), 'write');
  return <Revisions spaceId={spaceId} entryId={entryId} canWrite={canWrite} />;
}
