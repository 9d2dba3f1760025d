import type { Space } from '@teambrain/contract/spaces.ts';
import { Outlet, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { SpaceHeader } from '../../features/spaces/space-header.tsx';
import { useSpace } from '../../features/spaces/spaces.queries.ts';
import { SummariseMenu } from '../../features/summaries/summarise-menu.tsx';
import { useLive } from '../../platform/live.tsx';
import { codeOf } from '../../platform/problem.ts';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { NotFoundPage } from '../not-found-page.tsx';
import { NavigationButton, SearchButton } from '../frame/bar-buttons.tsx';
import { PinsButton } from './pins-button.tsx';
import { AskButton } from './ask-button.tsx';
import { SpaceContext } from './space-context.ts';
import { SpaceTabs } from './space-tabs.tsx';
import { useLanding } from './use-landing.ts';

const JoinCard = lazy(() =>
  import('../../features/spaces/join-card.tsx').then((module) => ({ default: module.JoinCard })),
);

export function SpaceLayout() {
  const { spaceId } = useParams({ from: '/signed-in/s/$spaceId' });
  const space = useSpace(spaceId);
  const code = codeOf(space.error);
  if (space.isPending) return <Lines label="Loading space" />;
  if (code === 'not-found' || code === 'invalid-request') return <NotFoundPage />;
  if (space.isError && !space.data) {
    return (
      <div style={{ padding: 16 }}>
        <Failed error={space.error} onRetry={() => void space.refetch()} />
      </div>
    );
  }
  if (space.data.visibility === 'protected' && space.data.role === null) {
    return (
      <Suspense fallback={<Lines label="Loading space" />}>
        <JoinCard key={spaceId} space={space.data} />
      </Suspense>
    );
  }
  return <OpenSpace key={spaceId} space={space.data} />;
}

function OpenSpace({ space }: { space: Space }) {
  const isFollowed = useFollowed(space);
  useLanding(space, isFollowed);
  return (
    <SpaceContext value={space}>
      <SpaceHeader
        space={space}
        lead={<NavigationButton />}
        trail={<SearchButton />}
        tabs={<SpaceTabs spaceId={space.id} />}
        tools={
          <>
            <PinsButton spaceId={space.id} />
            <AskButton />
            <SummariseMenu space={space} />
          </>
        }
      />
      {/* What is read before the space is followed could miss an event. */}
      {isFollowed && <Outlet />}
    </SpaceContext>
  );
}

/** Joined spaces are followed all the time, others while they are looked at. */
function useFollowed({ id, role, lastSeq }: Space): boolean {
  const live = useLive();
  const [isFollowed, setIsFollowed] = useState(false);
  useEffect(() => {
    live.follow(id, lastSeq ?? 0);
    setIsFollowed(true);
  }, [live, id, lastSeq]);
  const isVisitor = useRef(role === null);
  useEffect(() => {
    isVisitor.current = role === null;
  }, [role]);
  useEffect(
    () => () => {
      if (isVisitor.current) live.unfollow(id);
    },
    [live, id],
  );
  return isFollowed;
}
