import { Modal } from '@mantine/core';
import type { Message } from '@teambrain/contract/chat.ts';
import { Failed } from '../../../platform/failed.tsx';
import { Markdown } from '../../../platform/markdown/markdown.tsx';
import { exact } from '../../../ui/time-words.ts';
import { useVersions } from '../chat.queries.ts';
import classes from './edited-mark.module.css';

interface Props {
  message: Message;
  isOpen: boolean;
  onClose: () => void;
}

/** What a message said before it was edited. */
export function VersionsDialog({ message, isOpen, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Earlier versions">
      {isOpen && <Versions message={message} />}
    </Modal>
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
