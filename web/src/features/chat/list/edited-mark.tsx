import { UnstyledButton } from '@mantine/core';
import { canReadVersions, type Message } from '@teambrain/contract/chat.ts';
import type { Ability } from '@teambrain/contract/role.ts';
import { useCallback, useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';
import { useUser } from '../../../platform/session.tsx';
import { exact } from '../../../ui/time-words.ts';
import classes from './edited-mark.module.css';

const VersionsDialog = dialogLater(() =>
  import('./versions-dialog.tsx').then((module) => module.VersionsDialog),
);

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
  const close = useCallback(() => setIsOpen(false), []);
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
      <VersionsDialog message={message} isOpen={isOpen} onClose={close} />
    </>
  );
}
