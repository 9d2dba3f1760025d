import { Button, Textarea } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import classes from './ask.module.css';

interface Props {
  question: string;
  isBusy: boolean;
  onAsk: (question: string) => void;
}

export function AskBox({ question, isBusy, onAsk }: Props) {
  const [text, setText] = useState(question);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(question), [question]);
  const isEmpty = question === '';
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [isEmpty]);
  const send = () => {
    const asked = text.trim();
    if (asked.length >= 2) onAsk(asked);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
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
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button type="submit" size="xs" loading={isBusy} leftSection={<IconArrowUp size={14} />}>
        Ask
      </Button>
    </form>
  );
}
