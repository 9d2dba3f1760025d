import { Button, Group, Modal, NativeSelect, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import { addressOf, linkText } from '@teambrain/contract/links.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import { isMessage } from '@teambrain/contract/visible.ts';
import { useState, type FormEvent } from 'react';
import { useOutbox } from '../../features/chat/chat.outbox.tsx';
import { Quoting } from '../../features/chat/quotes/quoting.tsx';
import { useJoinedSpaces } from '../../features/spaces/spaces.queries.ts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  quote: Quote | null;
}

/** Asks to which space a message is forwarded, and for words with it. */
export function ForwardDialog({ isOpen, onClose, quote }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Forward message">
      {quote && <ForwardForm quote={quote} onClose={onClose} />}
    </Modal>
  );
}

/** A message has to say something: without words of one's own it names what it forwards. */
function textFor(words: string, { from, words: quoted }: Quote): string {
  if (words.trim()) return words.trim();
  const label = `Message from ${quoted?.author.name ?? 'someone'}`;
  return linkText(label, addressOf('message', from.id, from.spaceId));
}

function ForwardForm({ quote, onClose }: { quote: Quote; onClose: () => void }) {
  const spaces = useJoinedSpaces().data ?? [];
  const outbox = useOutbox();
  const [to, setTo] = useState('');
  const [words, setWords] = useState('');
  const [error, setError] = useState<string | null>(null);
  const source = spaces.find(({ id }) => id === quote.from.spaceId);
  const target = spaces.find(({ id }) => id === to);
  const isWider = target && source?.visibility === 'protected' && target.id !== source.id;
  const isUnseen = words.trim() !== '' && !isMessage(words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!target) return setError('Choose a space');
    if (isUnseen) return;
    outbox.send(target.id, textFor(words, quote), { quote });
    notifications.show({ message: `Forwarded to ${target.name}` });
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Forward message">
      <Quoting quote={quote} />
      <NativeSelect
        mt={12}
        label="Space"
        data-autofocus
        data={[
          { value: '', label: 'Choose a space' },
          ...spaces.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={to}
        error={error}
        onChange={(event) => {
          setTo(event.currentTarget.value);
          setError(null);
        }}
        description={
          isWider
            ? `${source.name} is protected. Everyone in ${target.name} will see these words.`
            : undefined
        }
      />
      <Textarea
        mt={12}
        label="Message"
        placeholder="Optional"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={MESSAGE_MAX}
        value={words}
        error={isUnseen && 'This would look empty: write something that can be seen'}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Forward</Button>
      </Group>
    </form>
  );
}
