import { ActionIcon, Button } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { bytesInWords } from './bytes-in-words.ts';
import { FileIcon } from './file-icon.tsx';
import classes from './tray.module.css';
import type { Upload } from './uploads.ts';
import type { Attaching } from './use-attaching.ts';

/** The files of a draft with how far each is, and the offer to make a long text one. */
export function Tray({ attaching }: { attaching: Attaching }) {
  const { uploads, pasted, isHeld, isStopped, settlePaste } = attaching;
  return (
    <div className={classes.tray}>
      {pasted !== null && (
        <div className={classes.offer} role="group" aria-label="Long pasted text">
          <span>That is a long text: {pasted.length.toLocaleString()} characters.</span>
          <Button size="compact-xs" variant="default" onClick={() => settlePaste(true)}>
            Attach as a file
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => settlePaste(false)}
          >
            Keep as text
          </Button>
        </div>
      )}
      {uploads.length > 0 && (
        <ul className={classes.list} aria-label="Files to send">
          {uploads.map((upload) => (
            <Item key={upload.id} upload={upload} attaching={attaching} />
          ))}
        </ul>
      )}
      <p role="status" className={classes.held}>
        {isHeld && 'Goes as soon as the files are there'}
        {isStopped && 'Not sent: upload the file that failed again, or remove it'}
      </p>
    </div>
  );
}

function Item({ upload, attaching }: { upload: Upload; attaching: Attaching }) {
  const { id, file, preview, state, share, failure, mayRetry } = upload;
  const percent = Math.round(share * 100);
  return (
    <li className={classes.item} data-failed={failure !== null || undefined}>
      <span className={classes.look}>
        {preview ? <img src={preview} alt="" /> : <FileIcon medium="file" />}
      </span>
      <span className={classes.words}>
        <bdi className={classes.name} title={file.name}>
          {file.name}
        </bdi>
        <span
          className={classes.state}
          role={failure ? 'alert' : undefined}
          title={failure ?? undefined}
        >
          {failure ?? (state === 'sending' ? `${percent} %` : bytesInWords(file.size))}
        </span>
      </span>
      {mayRetry && (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Upload ${file.name} again`}
          onClick={() => attaching.retry(id)}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      )}
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={state === 'sending' ? `Cancel ${file.name}` : `Remove ${file.name}`}
        onClick={() => attaching.remove(id)}
      >
        <IconX size={14} />
      </ActionIcon>
      {state !== 'done' && failure === null && (
        <span
          className={classes.bar}
          role="progressbar"
          aria-label={`Upload of ${file.name}`}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ width: `${percent}%` }} />
        </span>
      )}
    </li>
  );
}
