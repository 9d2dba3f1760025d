import type { ListedDraft } from '@teambrain/contract/drafts.ts';
import type { ListedScheduled } from '@teambrain/contract/scheduled.ts';
import { IconMessages, IconPaperclip } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { openPanel } from '../../platform/panel.tsx';
import { count } from '../../platform/words.ts';
import { plain } from '../../ui/plain-text.ts';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import classes from './drafts-page.module.css';

type Place =
  | Pick<ListedDraft, 'spaceId' | 'threadId' | 'spaceName' | 'spaceVisibility' | 'text' | 'files'>
  | ListedScheduled;

/** Words that were not sent, as a link to where they are written. */
export function PlaceLink({ place, children }: { place: Place; children: ReactNode }) {
  const { spaceId, threadId, spaceName, spaceVisibility, text, files } = place;
  const onClick = () => {
    // Once the chat is there.
    if (threadId !== null) setTimeout(() => openPanel({ kind: 'thread', spaceId, threadId }), 0);
  };
  return (
    <Link
      to="/s/$spaceId"
      params={{ spaceId }}
      search={threadId === null ? {} : { message: threadId }}
      className={classes.link}
      onClick={onClick}
    >
      <span className={classes.meta}>
        {threadId !== null && (
          <>
            <IconMessages size={14} aria-hidden /> Thread in
          </>
        )}
        {spaceVisibility && <SpaceIcon visibility={spaceVisibility} size={14} />}
        <bdi>{spaceName ?? 'A space you cannot read any more'}</bdi>
        <span className={classes.at}>{children}</span>
      </span>
      {text.trim() !== '' && (
        <span className={classes.words} dir="auto">
          {plain(text)}
        </span>
      )}
      {files > 0 && (
        <span className={classes.meta}>
          <IconPaperclip size={14} aria-hidden /> {count(files, 'file')}
        </span>
      )}
    </Link>
  );
}
