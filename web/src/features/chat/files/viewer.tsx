import { ActionIcon, Modal } from '@mantine/core';
import { fileAddress } from '@teambrain/contract/files.ts';
import { IconArrowLeft, IconArrowRight, IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { bytesInWords } from './bytes-in-words.ts';
import type { Picture } from './picture.ts';
import classes from './viewer.module.css';

interface Props {
  pictures: readonly Picture[];
  /** Which of them is shown first. */
  first: number;
  isOpen: boolean;
  onClose: () => void;
}

/** Pictures as large as the window allows; arrows go from one to the next. */
export function Viewer({ pictures, first, isOpen, onClose }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      fullScreen
      title="Pictures of the message"
      classNames={{ content: classes.content ?? '', body: classes.body ?? '' }}
    >
      {isOpen && <Pages key={first} pictures={pictures} first={first} />}
    </Modal>
  );
}

function Pages({ pictures, first }: Pick<Props, 'pictures' | 'first'>) {
  const [at, setAt] = useState(first);
  const last = pictures.length - 1;
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) setAt((now) => Math.max(0, Math.min(last, now + step)));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [last]);
  const picture = pictures[Math.min(at, last)];
  if (!picture) return null;
  const { id, name, bytes, width, height } = picture;
  return (
    <>
      <figure className={classes.figure}>
        <img
          key={id}
          src={fileAddress(id)}
          alt={name}
          style={{ aspectRatio: `${width} / ${height}` }}
          width={width}
        />
      </figure>
      <div className={classes.bar}>
        {last > 0 && (
          <>
            <ActionIcon
              variant="default"
              aria-label="Previous picture"
              disabled={at === 0}
              onClick={() => setAt(at - 1)}
            >
              <IconArrowLeft size={16} />
            </ActionIcon>
            <span role="status">
              {at + 1} of {pictures.length}
            </span>
            <ActionIcon
              variant="default"
              aria-label="Next picture"
              disabled={at === last}
              onClick={() => setAt(at + 1)}
            >
              <IconArrowRight size={16} />
            </ActionIcon>
          </>
        )}
        <bdi className={classes.name}>{name}</bdi>
        <span className={classes.size}>{bytesInWords(bytes)}</span>
        <ActionIcon
          component="a"
          variant="default"
          href={fileAddress(id)}
          download={name}
          aria-label={`Save ${name}`}
        >
          <IconDownload size={16} />
        </ActionIcon>
      </div>
    </>
  );
}
