import type { Entry } from '@teambrain/contract/knowledge.ts';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import type { Shown } from '../../../platform/form.ts';
import { keepDraft, readDraft } from '../../../platform/drafts/drafts.ts';
import { OtherWords } from '../../../platform/drafts/other-words.tsx';
import { codeOf, fieldErrorsOf } from '../../../platform/problem.ts';
import { ConflictNote } from './conflict-note.tsx';
import { EntryForm } from './entry-form.tsx';
import { bodyOf, isSame, valuesOf, wordsOf, type EntryValues } from './entry-values.ts';
import { withTheirs } from './merge.ts';
import { useUpdateEntry } from '../knowledge.queries.ts';

export const draftKey = ({ spaceId, id }: Pick<Entry, 'spaceId' | 'id'>) =>
  `entry ${spaceId} ${id}`;

interface Draft {
  values: EntryValues;
  /** What the words are based on. */
  base: EntryValues;
  version: number;
  /** In a conflict: my words of parts for which theirs were taken. */
  kept: Readonly<Record<string, string>>;
}

const begin = (entry: Entry): Draft => {
  const values = valuesOf(entry);
  return { values, base: values, version: entry.version, kept: {} };
};

/**
 * Edits an entry from the version it had when editing began. A newer one neither overwrites the
 * words nor is overwritten by them: the reader decides.
 */
export function EditEntry({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const key = draftKey(entry);
  const [draft, setDraft] = useState<Draft>(() => readDraft<Draft>(key) ?? begin(entry));
  const [other, setOther] = useState<Entry | null>(null);
  // Words that were kept while somebody else saved: both versions are shown at once.
  const [calls, setCalls] = useState(() => (entry.version > draft.version ? 1 : 0));
  const [failure, setFailure] = useState<Shown | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isBusy, setIsBusy] = useState(false);
  const update = useUpdateEntry(entry.spaceId, entry.id);
  const { values, base, version, kept } = draft;
  const isDirty = !isSame(values, base) || Object.keys(kept).length > 0;
  // Either the server refused, or an event brought the newer one; the newest counts.
  const newest = other && other.version > entry.version ? other : entry;
  const newer = newest.version > version ? newest : null;
  const isMoved = newest.parentId !== base.parentId;

  useEffect(() => {
    keepDraft(key, isDirty ? draft : undefined);
  }, [key, draft, isDirty]);

  useEffect(() => {
    // Nothing was written yet: the newest version, in its newest place, is what is edited.
    if ((newer || isMoved) && !isDirty) setDraft(begin(newest));
  }, [newer, isMoved, newest, isDirty]);

  const leave = () => {
    keepDraft(key, undefined);
    onDone();
  };
  const send = (words: EntryValues, on: Pick<Draft, 'base' | 'version'>) => {
    if (!words.title.trim()) return setErrors({ title: 'This cannot be empty' });
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    setErrors({});
    update(bodyOf(entry.kind, words, on.base), on.version)
      .then(() => {
        leave();
        notifications.show({ message: 'Saved' });
      })
      .catch((error: unknown) => {
        if (codeOf(error) === 'stale-version') {
          const current = currentOf(error);
          setOther(current);
          setCalls((was) => was + 1);
          if (current) return;
        }
        setErrors(fieldErrorsOf(error));
        setFailure({ error });
      })
      .finally(() => setIsBusy(false));
  };
  const save = () => {
    // Once a newer version is known, it is looked at first.
    if (newer && isDirty) return setCalls(calls + 1);
    if (!isDirty) return leave();
    send(values, { base, version });
  };
  const merge = (on: Entry) => {
    const theirs = valuesOf(on);
    const merged = withTheirs(entry.kind, base, values, theirs);
    if (isSame(merged, theirs)) return leave();
    send(merged, { base: theirs, version: on.version });
  };
  return (
    <EntryForm
      kind={entry.kind}
      spaceId={entry.spaceId}
      entryId={entry.id}
      values={values}
      onChange={(next) => setDraft({ ...draft, values: next })}
      errors={errors}
      failure={failure}
      isBusy={isBusy}
      saveLabel={newer && isDirty ? 'See both versions' : 'Save'}
      onSave={save}
      onCancel={leave}
      head={
        <OtherWords<Draft>
          draftKey={key}
          textOf={(words) => wordsOf(entry.kind, words.values)}
          onTake={setDraft}
        />
      }
      note={
        newer &&
        isDirty && (
          <ConflictNote
            kind={entry.kind}
            theirs={newer}
            base={base}
            mine={values}
            kept={kept}
            isBusy={isBusy}
            calls={calls}
            onChange={(next, words) => setDraft({ ...draft, values: next, kept: words })}
            onSave={() => merge(newer)}
          />
        )
      }
    />
  );
}

/** The present state as the problem carries it, if it is an entry. */
function currentOf(error: unknown): Entry | null {
  const current = (error as { problem?: { current?: unknown } }).problem?.current;
  const isEntry = typeof current === 'object' && current !== null && 'markdown' in current;
  return isEntry ? (current as Entry) : null;
}
