import { fileAddress, mediumOf, type Attachment } from '@teambrain/contract/files.ts';
import { useCallback, useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';
import classes from './attachments.module.css';
import { bytesInWords } from './bytes-in-words.ts';
import { FileIcon } from './file-icon.tsx';
import { isPicture, type Picture } from './picture.ts';

const Viewer = dialogLater(() => import('./viewer.tsx').then((module) => module.Viewer));

/** Room for a picture that is alone, and for one among others, in pixels. */
const ALONE = { width: 360, height: 270 };
const AMONG = { width: 200, height: 150 };
const LEAST = 32;

/** The files of a message. What it takes of the page is known before any of them is there. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  const [shown, setShown] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  return (
    <div className={classes.files}>
      {pictures.length > 0 && (
        <div className={classes.pictures}>
          {pictures.map((picture, index) => (
            <button
              key={picture.id}
              type="button"
              className={classes.picture}
              style={roomOf(picture, pictures.length > 1 ? AMONG : ALONE)}
              aria-label={`Show picture ${picture.name}`}
              aria-haspopup="dialog"
              onClick={() => {
                setShown(index);
                setIsOpen(true);
              }}
            >
              <img src={fileAddress(picture.id, 'small')} alt="" decoding="async" />
            </button>
          ))}
        </div>
      )}
      {others.map((file) => (
        <Other key={file.id} file={file} />
      ))}
      <Viewer pictures={pictures} first={shown} isOpen={isOpen} onClose={close} />
    </div>
  );
}

/** As large as the room allows and no larger than it is. */
function roomOf({ width, height }: Picture, room: typeof ALONE) {
  const scale = Math.min(1, room.width / width, room.height / height);
  const [wide, high] = [width, height].map((side) => Math.max(LEAST, Math.round(side * scale)));
  return { width: wide, aspectRatio: `${wide} / ${high}` };
}

function Other({ file }: { file: Attachment }) {
  const { id, name, type, bytes } = file;
  const medium = mediumOf(type);
  const address = fileAddress(id);
  return (
    <div className={classes.other} data-medium={medium}>
      {medium === 'video' && (
        <video
          className={classes.video}
          controls
          preload="metadata"
          src={address}
          aria-label={name}
        />
      )}
      {medium === 'audio' && (
        <audio className={classes.audio} controls preload="none" src={address} aria-label={name} />
      )}
      <a className={classes.file} href={address} download={name}>
        <FileIcon medium={medium} />
        <span className={classes.words}>
          <bdi className={classes.name}>{name}</bdi>
          <span className={classes.size}>{bytesInWords(bytes)}</span>
        </span>
      </a>
    </div>
  );
}
