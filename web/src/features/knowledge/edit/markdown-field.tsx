import { Input, Textarea } from '@mantine/core';
import { MARKDOWN_MAX } from '@teambrain/contract/knowledge.ts';
import { useId, useState } from 'react';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import classes from './entry-form.module.css';

interface Props {
  label: string;
  description?: string | undefined;
  value: string;
  error?: string | undefined;
  minRows: number;
  onChange: (value: string) => void;
}

/** A plain Markdown editor, with a look at what it becomes. */
export function MarkdownField({ label, description, value, error, minRows, onChange }: Props) {
  const id = useId();
  const [shown, setShown] = useState<'write' | 'preview'>('write');
  const tab = (name: 'write' | 'preview', text: string) => (
    <button
      type="button"
      role="tab"
      id={`${id}-${name}`}
      aria-selected={shown === name}
      aria-controls={`${id}-panel`}
      className={classes.tab}
      onClick={() => setShown(name)}
    >
      {text}
    </button>
  );
  return (
    <div>
      <div className={classes.label}>
        <div>
          <Input.Label htmlFor={`${id}-text`}>{label}</Input.Label>
          <div className={classes.dim}>
            {description ? `${description}. Markdown.` : 'Markdown'}
          </div>
        </div>
        <div className={classes.tabs} role="tablist" aria-label="Editor view">
          {tab('write', 'Write')}
          {tab('preview', 'Preview')}
        </div>
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown}`}>
        {shown === 'write' ? (
          <Textarea
            id={`${id}-text`}
            className={classes.area}
            autosize
            minRows={minRows}
            maxLength={MARKDOWN_MAX}
            value={value}
            error={error}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <div className={classes.preview}>
            {value.trim() ? (
              <Markdown text={value} />
            ) : (
              <p className={classes.dim}>Nothing to preview yet</p>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
