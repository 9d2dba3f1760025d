import type { Space } from '@teambrain/contract/spaces.ts';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMessages } from '../../features/chat/chat.queries.ts';
import { kinds } from '../../features/knowledge/kinds.ts';
import { useEntries } from '../../features/knowledge/knowledge.queries.ts';

/** A space in which nothing was said opens on what it has; its tabs lead everywhere from there. */
export function useLanding({ id: spaceId }: Space, isFollowed: boolean): void {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isAtChat = pathname.replace(/\/$/, '') === `/s/${spaceId}` && !('message' in search);
  // Only as the space is opened: who goes to its chat later means it.
  const [isOpening, setIsOpening] = useState(isAtChat);
  const talk = useMessages(spaceId, undefined, isFollowed && isOpening);
  const isSilent = talk.data?.items.length === 0;
  const documents = useEntries(spaceId, 'document', isOpening && isSilent);
  const faqs = useEntries(spaceId, 'faq', isOpening && isSilent);
  const decisions = useEntries(spaceId, 'decision', isOpening && isSilent);
  const has = { document: documents.data, faq: faqs.data, decision: decisions.data };
  // Their data may be there from earlier, which says nothing of the chat.
  const isKnown = isSilent && documents.data && faqs.data && decisions.data;
  const kind = (['document', 'faq', 'decision'] as const).find((one) => has[one]?.length);
  const isOver = !isAtChat || talk.isError || (talk.data && !isSilent) || Boolean(isKnown);
  useEffect(() => {
    if (!isOpening || !isOver) return;
    setIsOpening(false);
    if (isAtChat && isKnown && kind) {
      void navigate({ to: kinds[kind].list, params: { spaceId }, replace: true });
    }
  }, [isOpening, isOver, isAtChat, isKnown, kind, navigate, spaceId]);
}
