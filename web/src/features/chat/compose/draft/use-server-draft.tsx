import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { keepDraft, readDraft } from '../../../../platform/drafts/drafts.ts';
import { replacedKey } from '../../../../platform/drafts/base.ts';
import { useDrafts } from '../../../../platform/drafts/on-server.ts';
import { WordsOffer } from '../../../../platform/drafts/other-words.tsx';
import { useCall } from '../../../../platform/session.tsx';
import { useStore } from '../../../../platform/store.ts';
import { uploads, uploadsOf } from '../../files/uploads.ts';
import { followServer, keepNow, keepSoon, openBox } from './later.ts';
import type { Place } from './server-draft.ts';

interface Box extends Omit<Place, 'call'> {
  text: string;
  /** Words come from another window. */
  onWords: (text: string) => void;
  /** Words are put in by a hand. */
  change: (text: string) => void;
}

interface ServerDraft {
  /** The words of the box were changed; `isOver` when they were sent. */
  changed: (isOver?: boolean) => void;
  /** Words of another window that those of this box took the place of. */
  offer: ReactNode;
}

/** Keeps the draft of a box the same in all windows of its person. */
export function useServerDraft({
  key,
  spaceId,
  threadId,
  text,
  onWords,
  change,
}: Box): ServerDraft {
  const call = useCall();
  const place = useMemo(() => ({ key, spaceId, threadId, call }), [key, spaceId, threadId, call]);
  const [replaced, setReplaced] = useState(() => readDraft<string>(replacedKey(key)));
  const latest = useRef(onWords);
  useEffect(() => {
    latest.current = onWords;
  });
  useEffect(() => openBox(place, (words) => latest.current(words)), [place]);
  const list = useDrafts();
  const { isSuccess, dataUpdatedAt } = list;
  const listed = list.data?.find((one) => one.spaceId === spaceId && one.threadId === threadId);
  const version = listed?.version ?? 0;
  useEffect(() => {
    if (isSuccess) followServer(place, version);
  }, [place, version, isSuccess, dataUpdatedAt]);
  const files = useStore(uploads, (all) =>
    uploadsOf(all, key)
      .flatMap(({ attachment }) => attachment?.id ?? [])
      .join(),
  );
  const seen = useRef(files);
  useEffect(() => {
    if (seen.current === files) return;
    seen.current = files;
    keepSoon(place);
  }, [place, files]);
  // Noted where words were replaced, by whatever the list tells next.
  useEffect(() => setReplaced(readDraft<string>(replacedKey(key))), [key, version, dataUpdatedAt]);
  const changed = useCallback(
    (isOver = false) => (isOver ? keepNow(place) : keepSoon(place)),
    [place],
  );
  const settle = () => {
    keepDraft(replacedKey(key), undefined);
    setReplaced(undefined);
  };
  const offer = replaced !== undefined && (
    <WordsOffer
      where="another window"
      words={replaced}
      onTake={() => {
        change(text.trim() ? `${text}\n\n${replaced}` : replaced);
        settle();
      }}
      onLeave={settle}
    />
  );
  return { changed, offer };
}
