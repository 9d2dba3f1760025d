import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { v7 as uuid } from 'uuid';
import type { Shown } from '../../../platform/form.ts';
import { keepDraft, readDraft } from '../../../platform/drafts.ts';
import { useNotePlace } from '../../../platform/place.ts';
import { fieldErrorsOf, messageOf } from '../../../platform/problem.ts';
import { useTitle } from '../../../platform/title.ts';
import { EntryForm } from './entry-form.tsx';
import { bodyOf, emptyValues, isSame, type EntryValues } from './entry-values.ts';
import { kinds } from '../kinds.ts';
import { useCreateEntry } from '../knowledge.queries.ts';

interface Props {
  space: Space;
  kind: EntryKind;
  title: string;
  parentId: string | null;
}

export function NewEntry({ space, kind, title, parentId }: Props) {
  useTitle(kinds[kind].add);
  const navigate = useNavigate();
  const notePlace = useNotePlace();
  const create = useCreateEntry(space.id);
  // A retry after a lost answer is the same write.
  const id = useRef(uuid());
  const key = `new ${space.id} ${kind} ${parentId ?? ''} ${title}`;
  const [start] = useState(() => emptyValues(kind, title, parentId));
  const [values, setValues] = useState<EntryValues>(() => readDraft<EntryValues>(key) ?? start);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<Shown | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    keepDraft(key, isSame(values, start) ? undefined : values);
  }, [key, values, start]);

  const save = () => {
    if (!values.title.trim()) {
      return setErrors({ title: kind === 'faq' ? 'Type the question' : 'Give it a title' });
    }
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    setErrors({});
    const isHere = notePlace();
    create({ id: id.current, kind, ...bodyOf(kind, values) })
      .then(async (entry) => {
        keepDraft(key, undefined);
        if (!isHere()) return;
        await navigate({
          to: '/s/$spaceId/e/$entryId',
          params: { spaceId: space.id, entryId: entry.id },
          replace: true,
        });
      })
      .catch((error: unknown) => {
        if (!isHere()) {
          const message = `“${values.title}” is not saved: ${messageOf(error)}`;
          notifications.show({ color: 'red', message, autoClose: false });
        }
        setErrors(fieldErrorsOf(error));
        setFailure({ error });
      })
      .finally(() => setIsBusy(false));
  };
  const cancel = () => {
    keepDraft(key, undefined);
    void navigate({ to: kinds[kind].list, params: { spaceId: space.id } });
  };
  return (
    <EntryForm
      kind={kind}
      spaceId={space.id}
      values={values}
      onChange={setValues}
      errors={errors}
      failure={failure}
      isBusy={isBusy}
      saveLabel={`Create ${kinds[kind].one}`}
      onSave={save}
      onCancel={cancel}
    />
  );
}
