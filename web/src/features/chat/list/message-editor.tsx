import { Button, Group, Textarea } from '@mantine/core';
import { MESSAGE_MAX, type Message } from '@teambrain/contract/chat.ts';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { keepDraft, readDraft } from '../../../platform/drafts/drafts.ts';
import { Failed } from '../../../platform/failed.tsx';
import { codeOf } from '../../../platform/problem.ts';
import { isComposing } from '../compose/is-composing.ts';
import { useLinksBox } from '../compose/suggest/use-links-box.tsx';
import { useEditMessage } from '../chat.queries.ts';

export function MessageEditor({ message, onDone }: { message: Message; onDone: () => void }) {
  const edit = useEditMessage();
  const key = `edit ${message.spaceId} ${message.id}`;
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readDraft<string>(key) ?? message.text);
  useEffect(() => {
    const end = box.current?.value.length ?? 0;
    box.current?.focus();
    box.current?.setSelectionRange(end, end);
  }, []);
  const change = (next: string) => {
    setText(next);
    keepDraft(key, next === message.text ? undefined : next);
  };
  const links = useLinksBox({ spaceId: message.spaceId, box, text, change });
  const leave = () => {
    keepDraft(key, undefined);
    onDone();
  };
  const isEmpty = !text.trim();
  const save = () => {
    if (isEmpty || edit.isPending) return;
    if (text === message.text) return leave();
    edit.mutate({ message, text }, { onSuccess: leave });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || links.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };
  return (
    <form
      aria-label="Edit message"
      style={{ position: 'relative', padding: '4px 0' }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {links.list}
      <Textarea
        ref={box}
        {...links.aria}
        aria-label="Message text"
        autosize
        minRows={1}
        maxRows={12}
        maxLength={MESSAGE_MAX}
        value={links.shown}
        onSelect={links.look}
        onChange={(event) => links.changeShown(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {edit.isError && <Failed error={edit.error} message={wordsOf(edit.error)} />}
      <Group gap={8} mt={8}>
        <Button type="submit" size="xs" loading={edit.isPending} disabled={isEmpty}>
          Save changes
        </Button>
        <Button size="xs" variant="default" onClick={leave}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function wordsOf(error: unknown): string | undefined {
  if (codeOf(error) === 'stale-version') {
    return 'This message was changed in another window in the meantime. Save again to replace it.';
  }
  if (codeOf(error) === 'gone') return 'This message was deleted in the meantime.';
  return undefined;
}
