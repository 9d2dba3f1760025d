import type { Entry } from '@teambrain/contract/knowledge.ts';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import type { Shown } from '../../../platform/form.ts';
import { keepDraft, readDraft } from '../../../platform/drafts.ts';
import { codeOf, fieldErrorsOf } from '../../../platform/problem.ts';
import { ConflictNote } from './conflict-note.tsx';
import { EntryForm } from './entry-form.tsx';
import { bodyOf, isSame, valuesOf, type EntryValues } from './entry-values.ts';
import { useUpdateEntry } from '../knowledge.queries.ts';

export const draftKey = (entryId: string) => `entry ${entryId}`;

interface Draft {
  values: EntryValues;
  /** What the words are based on. */
  base: Entry;
}

/**
 * Edits an entry from the version it had when editing began. A newer one neither overwrites the
 * words nor is overwritten by them: the reader decides.
 */
export function EditEntry({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const key = draftKey(entry.id);
  const [draft, setDraft] = useState<Draft>(
    () => readDraft<Draft>(key) ?? { values: valuesOf(entry), base: entry },
  );
  const [other, setOther] = useState<Entry | null>(null);
  const [failure, setFailure] = useState<Shown | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isBusy, setIsBusy] = useState(false);
  const update = useUpdateEntry(entry.spaceId, entry.id);
  const { values, base } = draft;
  const isDirty = !isSame(values, valuesOf(base));
  // Either the server refused, or an event brought the newer one.
  const newer = other ?? (entry.version > base.version ? entry : null);

  useEffect(() => {
    keepDraft(key, isDirty ? draft : undefined);
    if (!isDirty) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [key, draft, isDirty]);

  const leave = () => {
    keepDraft(key, undefined);
    onDone();
  };
  const save = (on: Entry) => {
    if (!values.title.trim()) return setErrors({ title: 'This cannot be empty' });
    if (isBusy) return;
    if (!isDirty) return leave();
    setIsBusy(true);
    setFailure(null);
    setErrors({});
    update(bodyOf(entry.kind, values), on.version)
      .then(() => {
        leave();
        notifications.show({ message: 'Saved' });
      })
      .catch((error: unknown) => {
        if (codeOf(error) === 'stale-version') return setOther(currentOf(error) ?? entry);
        setErrors(fieldErrorsOf(error));
        setFailure({ error });
      })
      .finally(() => setIsBusy(false));
  };
  return (
    <EntryForm
      kind={entry.kind}
      spaceId={entry.spaceId}
      entryId={entry.id}
      values={values}
      onChange={(next) => setDraft({ values: next, base })}
      errors={errors}
      failure={failure}
      isBusy={isBusy}
      saveLabel="Save"
      onSave={() => save(base)}
      onCancel={leave}
      note={
        newer && (
          <ConflictNote
            entry={newer}
            isBusy={isBusy}
            onReplace={() => {
              setDraft({ values, base: newer });
              setOther(null);
              save(newer);
            }}
            onDiscard={leave}
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
