import { Modal, UnstyledButton } from '@mantine/core';
import { canReadVersions, type Message } from '@teambrain/contract/chat.ts';
import type { Ability } from '@teambrain/contract/role.ts';
import { useState } from 'react';
import { Failed } from '../../../platform/failed.tsx';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { useUser } from '../../../platform/session.tsx';
import { exact } from '../../../ui/time-words.ts';
import { useVersions } from '../chat.queries.ts';
import classes from './edited-mark.module.css';

interface Props {
  message: Message;
  ability: Ability | null;
  /** Whether it was changed since the words that led here. */
  isSinceCited: boolean;
}

/** “(edited)”; for who may read what the message said before, a button that shows it. */
export function EditedMark({ message, ability, isSinceCited }: Props) {
  const me = useUser();
  const [isOpen, setIsOpen] = useState(false);
  const words = isSinceCited ? '(edited since it was cited)' : '(edited)';
  const title = `Edited ${exact(message.editedAt ?? message.createdAt)}`;
  if (!canReadVersions(message, me.id, ability)) {
    return (
      <span className={classes.mark} title={title}>
        {words}
      </span>
    );
  }
  return (
    <>
      <UnstyledButton
        className={classes.mark}
        title={title}
        aria-label={`${words} Show what it said before`}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
      >
        {words}
      </UnstyledButton>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title="Earlier versions">
        {isOpen && <Versions message={message} />}
      </Modal>
    </>
  );
}

function Versions({ message }: { message: Message }) {
  const { data, error, refetch } = useVersions(message);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className={classes.note}>Loading</p>;
  if (data.length === 0) return <p className={classes.note}>No earlier version is kept.</p>;
  return (
    <>
      <ol className={classes.list} aria-label="Earlier versions, newest first">
        {data.map(({ version, text, createdAt }) => (
          <li key={version}>
            <time dateTime={createdAt}>{exact(createdAt)}</time>
            <Markdown text={text} look="chat" />
          </li>
        ))}
      </ol>
      <p className={classes.note}>
        Seen by the author and by those who manage the space. Deleting the message deletes these
        too.
      </p>
    </>
  );
}
