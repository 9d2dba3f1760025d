import {
  decisionHeadings,
  type EntryKind,
  type EntryStatus,
} from '@teambrain/contract/knowledge.ts';
import { statuses } from '../kinds.ts';
import type { EntryValues } from './entry-values.ts';

/** One thing of an entry that two people may have changed. */
export interface Part {
  key: string;
  label: string;
  /** False where it is one of a few values. */
  isText: boolean;
  get: (values: EntryValues) => string;
  put: (values: EntryValues, text: string) => EntryValues;
  show: (text: string) => string;
}

const asIs = (text: string) => text;

const title: Part = {
  key: 'title',
  label: 'Title',
  isText: true,
  get: (values) => values.title,
  put: (values, text) => ({ ...values, title: text }),
  show: asIs,
};
const markdown: Part = {
  key: 'markdown',
  label: 'Text',
  isText: true,
  get: (values) => values.markdown,
  put: (values, text) => ({ ...values, markdown: text }),
  show: asIs,
};
const status: Part = {
  key: 'status',
  label: 'Status',
  isText: false,
  get: (values) => values.status,
  put: (values, text) => ({ ...values, status: text as EntryStatus }),
  show: (text) => statuses[text as EntryStatus].label,
};
const field = (key: keyof EntryValues['decision'], label: string): Part => ({
  key,
  label,
  isText: true,
  get: (values) => values.decision[key],
  put: (values, text) => ({ ...values, decision: { ...values.decision, [key]: text } }),
  show: asIs,
});

/** What of a kind of entry two people may change, in the order of its form. */
export const partsOf = (kind: EntryKind): readonly Part[] => parts[kind];

const parts: Record<EntryKind, readonly Part[]> = {
  document: [title, markdown],
  faq: [
    { ...title, label: 'Question' },
    { ...markdown, label: 'Answer' },
  ],
  decision: [title, status, ...decisionHeadings.map(([key, heading]) => field(key, heading))],
};

/** What both changed since `base`, each in another way. */
export function clashes(
  kind: EntryKind,
  base: EntryValues,
  mine: EntryValues,
  theirs: EntryValues,
): Part[] {
  return parts[kind].filter(
    ({ get }) => get(mine) !== get(theirs) && get(mine) !== get(base) && get(theirs) !== get(base),
  );
}

/** Mine, with theirs where I changed nothing since `base`. */
export function withTheirs(
  kind: EntryKind,
  base: EntryValues,
  mine: EntryValues,
  theirs: EntryValues,
): EntryValues {
  const merged = parts[kind].reduce(
    (values, { get, put }) => (get(mine) === get(base) ? put(values, get(theirs)) : values),
    mine,
  );
  return mine.parentId === base.parentId ? { ...merged, parentId: theirs.parentId } : merged;
}
