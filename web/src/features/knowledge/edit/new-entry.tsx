import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import { v7 as uuid } from 'uuid';
import type { Shown } from '../../../platform/form.ts';
import { draftKeys, keepDraft, readDraft } from '../../../platform/drafts/drafts.ts';
import { OtherWords } from '../../../platform/drafts/other-words.tsx';
import { useNotePlace } from '../../../platform/places/place.ts';
import { fieldErrorsOf, messageOf } from '../../../platform/problem.ts';
import { useTitle } from '../../../platform/title.ts';
import { EntryForm } from './entry-form.tsx';
import { bodyOf, emptyValues, isSame, wordsOf, type EntryValues } from './entry-values.ts';
import { kinds } from '../kinds.ts';
import { useCreateEntry } from '../knowledge.queries.ts';

interface Props {
  space: Space;
  kind: EntryKind;
  title: string;
  parentId: string | null;
}

interface Draft {
  /** The entry's id to be: a retry after a lost answer is the same write. */
  id: string;
  values: EntryValues;
}

export function NewEntry({ space, kind, title, parentId }: Props) {
  useTitle(kinds[kind].add);
  const navigate = useNavigate();
  const notePlace = useNotePlace();
  const create = useCreateEntry(space.id);
  const beginning = `new ${space.id} ${kind} `;
  const key = `${beginning}${parentId ?? ''} ${title}`;
  const [start] = useState(() => emptyValues(kind, title, parentId));
  const [draft, setDraft] = useState<Draft>(() => readDraft(key) ?? { id: uuid(), values: start });
  const { id, values } = draft;
  const setValues = (next: EntryValues) => setDraft({ id, values: next });
  // Begun from another place of the same space, or under another title.
  const unfinished = draftKeys(beginning).find((one) => one !== key);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<Shown | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    keepDraft(key, isSame(draft.values, start) ? undefined : draft);
  }, [key, draft, start]);

  const save = () => {
    if (!values.title.trim()) {
      return setErrors({ title: kind === 'faq' ? 'Type the question' : 'Give it a title' });
    }
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    setErrors({});
    const isHere = notePlace();
    create({ id, kind, ...bodyOf(kind, values) })
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
      head={
        <>
          <OtherWords<Draft>
            draftKey={key}
            textOf={(words) => wordsOf(kind, words.values)}
            onTake={setDraft}
          />
          {unfinished !== undefined && isSame(values, start) && (
            <Unfinished
              kind={kind}
              text={wordsOf(kind, readDraft<Draft>(unfinished)?.values ?? start)}
              onTake={() => {
                const begun = readDraft<Draft>(unfinished);
                keepDraft(unfinished, undefined);
                if (begun) setDraft(begun);
              }}
            />
          )}
        </>
      }
    />
  );
}

function Unfinished(props: { kind: EntryKind; text: string; onTake: () => void }) {
  return (
    <Group gap={8} wrap="nowrap" role="group" aria-label="Unfinished words">
      <span style={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }}>
        You began another {kinds[props.kind].one}: <bdi>{props.text.slice(0, 120)}</bdi>
      </span>
      <Button size="compact-sm" variant="default" onClick={props.onTake}>
        Go on with it
      </Button>
    </Group>
  );
}
