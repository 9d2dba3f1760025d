import {
  statusesOf,
  type DecisionFields,
  type Entry,
  type EntryKind,
  type EntryStatus,
} from '@teambrain/contract/knowledge.ts';

const EMPTY_DECISION: DecisionFields = { context: '', options: '', outcome: '', consequences: '' };

/** What the editor of an entry holds, whatever its kind. */
export interface EntryValues {
  title: string;
  markdown: string;
  status: EntryStatus;
  parentId: string | null;
  decision: DecisionFields;
}

export function valuesOf(entry: Entry): EntryValues {
  const { title, markdown, status, parentId, decision } = entry;
  return { title, markdown, status, parentId, decision: decision ?? EMPTY_DECISION };
}

export function emptyValues(
  kind: EntryKind,
  title = '',
  parentId: string | null = null,
): EntryValues {
  return { title, markdown: '', status: statusesOf[kind][0], parentId, decision: EMPTY_DECISION };
}

/** What of the values a kind of entry takes; its place only where that is another than in `base`. */
export function bodyOf(kind: EntryKind, values: EntryValues, base?: EntryValues) {
  const title = values.title.trim();
  if (kind === 'decision') return { title, status: values.status, decision: values.decision };
  if (kind === 'faq') return { title, markdown: values.markdown };
  const { markdown, parentId } = values;
  return { title, markdown, ...(parentId !== base?.parentId && { parentId }) };
}

export function isSame(a: EntryValues, b: EntryValues): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What was written into the form, in one line. */
export function wordsOf(kind: EntryKind, { title, markdown, decision }: EntryValues): string {
  const body = kind === 'decision' ? Object.values(decision).filter(Boolean) : [markdown];
  return [title, ...body].filter(Boolean).join(' · ');
}
