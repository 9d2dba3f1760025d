import { Button, Textarea } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { keepDraft, readDraft } from '../../platform/drafts/drafts.ts';
import { OtherWords } from '../../platform/drafts/other-words.tsx';
import classes from './ask.module.css';

interface Props {
  question: string;
  isBusy: boolean;
  onAsk: (question: string) => void;
}

/** Words not asked yet, with the question that was shown while they were written. */
interface Draft {
  after: string;
  text: string;
}
const KEY = 'ask';

/** A question that was come to with words of its own is shown rather than a draft. */
function begun(question: string): string {
  const draft = readDraft<Draft>(KEY);
  return draft && (question === '' || draft.after === question) ? draft.text : question;
}

export function AskBox({ question, isBusy, onAsk }: Props) {
  const [text, setText] = useState(() => begun(question));
  const box = useRef<HTMLTextAreaElement>(null);
  const shown = useRef(question);
  useEffect(() => {
    if (shown.current === question) return;
    shown.current = question;
    setText(begun(question));
  }, [question]);
  const change = (next: string) => {
    setText(next);
    keepDraft(KEY, next.trim() && next !== question ? { after: question, text: next } : undefined);
  };
  const isEmpty = question === '';
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [isEmpty]);
  const send = () => {
    const asked = text.trim();
    if (asked.length < 2) return;
    keepDraft(KEY, undefined);
    onAsk(asked);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <>
      <OtherWords<Draft>
        draftKey={KEY}
        textOf={(other) => other.text}
        onTake={(other) => change(other.text)}
      />
      <form
        className={classes.box}
        aria-label="Ask a question"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Textarea
          ref={box}
          className={classes.input}
          variant="unstyled"
          aria-label="Your question"
          placeholder="How do we …?"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={1000}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button type="submit" size="xs" loading={isBusy} leftSection={<IconArrowUp size={14} />}>
          Ask
        </Button>
      </form>
    </>
  );
}
