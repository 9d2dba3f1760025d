import * as contract from '@teambrain/contract/knowledge.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import { fieldProblem } from '../../platform/core/problem.ts';
import type * as store from './knowledge.store.ts';

type Changes = BodyOf<typeof contract.updateEntry>;
const NO_FIELDS = { context: '', options: '', outcome: '', consequences: '' };

/** The content after the given changes; a decision's Markdown is made of its fields. */
export function merge(
  kind: contract.EntryKind,
  before: Omit<store.Content, 'status'> & { status: contract.EntryStatus | null },
  changes: Partial<Omit<Changes, 'parentId'>>,
): store.Content {
  const status = changes.status ?? before.status ?? undefined;
  if (status && !contract.statusesOf[kind].includes(status)) {
    throw fieldProblem('invalid-request', '/status', `is no status of a ${kind}`);
  }
  if (kind !== 'decision' && changes.decision) {
    throw fieldProblem('invalid-request', '/decision', 'belongs to decisions only');
  }
  if (kind === 'decision' && changes.markdown) {
    throw fieldProblem('invalid-request', '/markdown', 'of a decision is made of its fields');
  }
  const title = changes.title?.trim() ?? before.title;
  if (kind === 'decision') {
    const decision = { ...NO_FIELDS, ...before.decision, ...changes.decision };
    const markdown = contract.decisionMarkdown(decision);
    return { title, status: contract.statusFor(kind, markdown, status), markdown, decision };
  }
  const markdown = changes.markdown ?? before.markdown;
  return { title, status: contract.statusFor(kind, markdown, status), markdown, decision: null };
}

export const contentOf = ({
  title,
  status,
  markdown,
  decision,
}: contract.Entry): store.Content => ({
  title,
  status,
  markdown,
  decision,
});

export const toView = ({ isDeleted: _, ...entry }: store.StoredEntry): contract.Entry => entry;

export const toCard = ({
  markdown: _m,
  decision: _d,
  ...card
}: contract.Entry): contract.EntryCard => card;
