import { useParams } from '@tanstack/react-router';
import { useEntriesOf } from '../features/knowledge/knowledge.queries.ts';
import { useJoinedSpaces } from '../features/spaces/spaces.queries.ts';

/** So many spaces are looked through. */
const MOST = 4;

/**
 * Questions that FAQs answer: those of the space that is open, else of the spaces one has joined,
 * one of each in turn, the ones answered last first.
 */
export function useAnswered(): readonly string[] {
  const { spaceId } = useParams({ strict: false });
  const joined = useJoinedSpaces().data ?? [];
  const ids = spaceId ? [spaceId] : joined.slice(0, MOST).map(({ id }) => id);
  const lists = useEntriesOf(ids, 'faq').map((faqs) =>
    faqs
      .filter(({ status }) => status === 'answered')
      .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
  );
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, n) => lists.map((faqs) => faqs[n]));
  return inTurn.flat().flatMap((faq) => (faq ? [faq.title] : []));
}
