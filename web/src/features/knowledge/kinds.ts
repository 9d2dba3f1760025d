import type { EntryKind, EntryStatus } from '@teambrain/contract/knowledge.ts';
import type { Tone } from '../../ui/chip.tsx';

interface KindWords {
  one: string;
  many: string;
  /** Route of the list. */
  list: '/s/$spaceId/documents' | '/s/$spaceId/faqs' | '/s/$spaceId/decisions';
  add: string;
}

export const kinds: Record<EntryKind, KindWords> = {
  document: {
    one: 'document',
    many: 'Documents',
    list: '/s/$spaceId/documents',
    add: 'New document',
  },
  faq: { one: 'FAQ', many: 'FAQs', list: '/s/$spaceId/faqs', add: 'New FAQ' },
  decision: {
    one: 'decision',
    many: 'Decisions',
    list: '/s/$spaceId/decisions',
    add: 'New decision',
  },
};

export const statuses: Record<EntryStatus, { label: string; tone: Tone }> = {
  published: { label: 'Published', tone: 'plain' },
  open: { label: 'Open', tone: 'warn' },
  answered: { label: 'Answered', tone: 'good' },
  proposed: { label: 'Proposed', tone: 'warn' },
  accepted: { label: 'Accepted', tone: 'good' },
  rejected: { label: 'Rejected', tone: 'bad' },
  superseded: { label: 'Superseded', tone: 'plain' },
};
