import { Button, Select, Textarea, TextInput } from '@mantine/core';
import {
  decisionHeadings,
  statusesOf,
  TITLE_MAX,
  type DecisionFields,
  type EntryKind,
} from '@teambrain/contract/knowledge.ts';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Shown } from '../../../platform/form.ts';
import { Failed } from '../../../platform/failed.tsx';
import classes from './entry-form.module.css';
import type { EntryValues } from './entry-values.ts';
import { kinds, statuses } from '../kinds.ts';
import { MarkdownField } from './markdown-field.tsx';
import { ParentSelect } from './parent-select.tsx';

interface Props {
  kind: EntryKind;
  spaceId: string;
  /** The entry being edited; absent while a new one is written. */
  entryId?: string;
  values: EntryValues;
  onChange: (values: EntryValues) => void;
  errors: Record<string, string>;
  failure: Shown | null;
  isBusy: boolean;
  saveLabel: string;
  onSave: () => void;
  onCancel: () => void;
  /** Above the fields. */
  head?: ReactNode;
  /** Beside the buttons. */
  note?: ReactNode;
}

const TITLE_LABELS: Record<EntryKind, string> = {
  document: 'Title',
  faq: 'Question',
  decision: 'Title',
};

const HINTS: Record<keyof DecisionFields, string> = {
  context: 'What made a decision necessary',
  options: 'What was weighed',
  outcome: 'What was decided, and why',
  consequences: 'What follows from it',
};

export function EntryForm(props: Props) {
  const { kind, values, onChange, errors, failure, isBusy, saveLabel, onSave, onCancel } = props;
  const title = useRef<HTMLInputElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const titleError = errors['title'];
  useEffect(() => {
    if (titleError) title.current?.focus();
  }, [titleError]);
  const onKeyDown = (event: KeyboardEvent) => {
    const isSave = event.key === 'Enter' || event.key.toLowerCase() === 's';
    if (!(event.metaKey || event.ctrlKey) || !isSave) return;
    event.preventDefault();
    onSave();
  };
  return (
    <form
      className={classes.form}
      aria-label={props.entryId ? `Edit ${kinds[kind].one}` : kinds[kind].add}
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      {props.head}
      <TextInput
        ref={title}
        label={TITLE_LABELS[kind]}
        size="md"
        maxLength={TITLE_MAX}
        value={values.title}
        error={titleError}
        onChange={(event) => onChange({ ...values, title: event.currentTarget.value })}
      />
      {kind === 'document' && (
        <ParentSelect
          spaceId={props.spaceId}
          entryId={props.entryId}
          value={values.parentId}
          onChange={(parentId) => onChange({ ...values, parentId })}
        />
      )}
      {kind === 'decision' ? (
        <DecisionParts values={values} onChange={onChange} />
      ) : (
        <MarkdownField
          label={kind === 'faq' ? 'Answer' : 'Text'}
          description={kind === 'faq' ? 'Leave it empty to leave the question open' : undefined}
          value={values.markdown}
          error={errors['markdown']}
          minRows={kind === 'faq' ? 8 : 18}
          onChange={(markdown) => onChange({ ...values, markdown })}
        />
      )}
      {props.note}
      {failure && <Failed {...failure} />}
      <div className={classes.foot}>
        <Button type="submit" loading={isBusy}>
          {saveLabel}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function DecisionParts({ values, onChange }: Pick<Props, 'values' | 'onChange'>) {
  return (
    <>
      <Select
        label="Status"
        w={200}
        allowDeselect={false}
        data={statusesOf.decision.map((value) => ({ value, label: statuses[value].label }))}
        value={values.status}
        onChange={(status) => status && onChange({ ...values, status })}
      />
      {decisionHeadings.map(([key, label]) => (
        <Textarea
          key={key}
          label={label}
          description={HINTS[key]}
          autosize
          minRows={3}
          maxRows={20}
          maxLength={20_000}
          value={values.decision[key]}
          onChange={(event) =>
            onChange({
              ...values,
              decision: { ...values.decision, [key]: event.currentTarget.value },
            })
          }
        />
      ))}
    </>
  );
}
