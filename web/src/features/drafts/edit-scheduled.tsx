import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import { getScheduled, updateScheduled, type Scheduled } from '@teambrain/contract/scheduled.ts';
import { isMessage } from '@teambrain/contract/visible.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { scheduledKey } from '../../platform/drafts/on-server.ts';
import { Failed } from '../../platform/failed.tsx';
import { messageOf } from '../../platform/problem.ts';
import { useCall } from '../../platform/session.tsx';
import { Lines } from '../../ui/lines.tsx';
import { toInput, wrongTime } from '../../platform/saved/time-dialog.tsx';

interface Props {
  messageId: string | null;
  isOpen: boolean;
  onClose: () => void;
}

/** Changes the words and the time of a message that is sent later. */
export function EditScheduled({ messageId, isOpen, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Scheduled message" size="lg">
      {messageId !== null && <Loaded messageId={messageId} onClose={onClose} />}
    </Modal>
  );
}

function Loaded({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const call = useCall();
  const found = useQuery({
    queryKey: [...scheduledKey, messageId],
    queryFn: ({ signal }) => call(getScheduled, { params: { messageId } }, { signal }),
    // What is written in the form is not to be taken away by another window.
    staleTime: Infinity,
    gcTime: 0,
  });
  if (found.isPending) return <Lines label="Loading the message" />;
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  return <Form message={found.data} onClose={onClose} />;
}

function Form({ message, onClose }: { message: Scheduled; onClose: () => void }) {
  const call = useCall();
  const client = useQueryClient();
  const isOver = Date.parse(message.sendAt) <= Date.now();
  const first = isOver ? new Date(Date.now() + 3_600_000) : new Date(message.sendAt);
  const [text, setText] = useState(message.text);
  const [time, setTime] = useState(() => toInput(first));
  const [wrong, setWrong] = useState<{ text?: string; time?: string }>({});
  const [isBusy, setIsBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    const wrongWords =
      words === '' ? message.files.length === 0 : !isMessage(words) || words.length > MESSAGE_MAX;
    if (wrongWords)
      return setWrong({ text: `Write 1 to ${MESSAGE_MAX.toLocaleString()} characters` });
    // Its own time may pass while it is looked at; that is for the server to say.
    const isMoved = time !== toInput(first) || isOver;
    const late = isMoved ? wrongTime(time) : null;
    if (late) return setWrong({ time: late });
    setIsBusy(true);
    const body = {
      ...(words && { text: words }),
      ...(isMoved && { sendAt: new Date(time).toISOString() }),
    };
    void call(updateScheduled, { params: { messageId: message.id }, body })
      .then(onClose)
      .catch((error: unknown) => setWrong({ time: messageOf(error) }))
      .then(() => client.invalidateQueries({ queryKey: scheduledKey }))
      .finally(() => setIsBusy(false));
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Scheduled message">
      <Textarea
        label="Message"
        autosize
        minRows={3}
        maxRows={12}
        data-autofocus
        value={text}
        error={wrong.text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong({});
        }}
      />
      <TextInput
        mt={12}
        type="datetime-local"
        label="Date and time"
        value={time}
        error={wrong.time}
        onChange={(event) => {
          setTime(event.currentTarget.value);
          setWrong({});
        }}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isBusy}>
          Save
        </Button>
      </Group>
    </form>
  );
}
