import { MESSAGE_FILES_MAX, type Attachment } from '@teambrain/contract/files.ts';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState, type ClipboardEvent, type RefObject } from 'react';
import { useSession } from '../../../platform/session.tsx';
import { useStore } from '../../../platform/store.ts';
import {
  addUploads,
  removeUpload,
  retryUpload,
  takeUploads,
  uploads as store,
  uploadsOf,
  type Upload,
} from './uploads.ts';

/** Pasted text longer than this is offered to be a file. */
const LONG_PASTE = 4_000;

interface Draft {
  draftKey: string;
  spaceId: string;
  text: string;
  change: (text: string) => void;
  /** Sends the draft with the files that are there. */
  sendNow: () => void;
}

/** The files of a draft, as its box and its tray use them. */
export interface Attaching {
  form: RefObject<HTMLFormElement | null>;
  uploads: readonly Upload[];
  /** Whether the draft goes as soon as its files are there. */
  isHeld: boolean;
  /** Whether it was to be sent, and did not go because a file failed. */
  isStopped: boolean;
  /** A long text that was pasted and can become a file. */
  pasted: string | null;
  add: (files: readonly File[]) => void;
  remove: (id: string) => void;
  retry: (id: string) => void;
  onPaste: (event: ClipboardEvent) => void;
  /** Makes the pasted text a file, or leaves it where it is. */
  settlePaste: (asFile: boolean) => void;
  /** Whether all files are there; if not, the draft goes once they are. */
  isReady: () => boolean;
  /** The ids of the files that are there; null, and said, where others are on their way or failed. */
  idsThere: () => string[] | null;
  /** Hands the files over and begins anew. */
  take: () => Attachment[];
}

export function useAttaching({ draftKey, spaceId, text, change, sendNow }: Draft): Attaching {
  const session = useSession();
  const form = useRef<HTMLFormElement>(null);
  const uploads = useStore(store, (all) => uploadsOf(all, draftKey));
  const [isHeld, setIsHeld] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const [pasted, setPasted] = useState<string | null>(null);
  const place = { key: draftKey, spaceId, session };
  const add = (files: readonly File[]) => {
    if (addUploads(place, files) > 0) {
      notifications.show({ message: `A message carries at most ${MESSAGE_FILES_MAX} files.` });
    }
  };
  useDrop(form, add);
  const isBusy = uploads.some(({ state }) => state === 'waiting' || state === 'sending');
  const hasFailed = uploads.some(({ state }) => state === 'failed');
  useEffect(() => {
    if (!isHeld || isBusy) return;
    setIsHeld(false);
    if (hasFailed) setIsTried(true);
    else sendNow();
  }, [isHeld, isBusy, hasFailed, sendNow]);
  return {
    form,
    uploads,
    isHeld,
    isStopped: isTried && hasFailed && !isHeld,
    pasted: pasted !== null && text.includes(pasted) ? pasted : null,
    add,
    remove(id) {
      removeUpload(draftKey, id);
      // The button that was pressed is gone.
      form.current?.querySelector('textarea')?.focus();
    },
    retry: (id) => retryUpload(place, id),
    onPaste(event) {
      const files = [...event.clipboardData.files];
      const words = event.clipboardData.getData('text/plain');
      // Programs that copy text lay a picture of it beside it.
      if (files.length > 0 && !words) {
        event.preventDefault();
        add(files);
      } else if (words.length > LONG_PASTE) setPasted(words.replace(/\r\n?/g, '\n'));
    },
    settlePaste(asFile) {
      if (asFile && pasted !== null) {
        change(text.replace(pasted, () => '').trim());
        add([new File([pasted], 'pasted text.txt', { type: 'text/plain' })]);
      }
      setPasted(null);
    },
    isReady() {
      if (isBusy) setIsHeld(true);
      setIsTried(hasFailed);
      return !isBusy && !hasFailed;
    },
    idsThere() {
      if (isBusy || hasFailed) {
        notifications.show({ message: 'Not all files are there yet.' });
        return null;
      }
      return uploads.flatMap(({ attachment }) => attachment?.id ?? []);
    },
    take: () => takeUploads(draftKey),
  };
}

/** Files dropped anywhere on the chat, or the thread, around the form are added to its draft. */
function useDrop(form: RefObject<HTMLFormElement | null>, add: (files: readonly File[]) => void) {
  const latest = useRef(add);
  useEffect(() => {
    latest.current = add;
  });
  useEffect(() => {
    const target = form.current?.closest<HTMLElement>('[data-drop]');
    if (!target) return undefined;
    let depth = 0;
    const mark = (isOver: boolean) => target.toggleAttribute('data-dropping', isOver);
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const listening = new AbortController();
    const on = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      hear: (event: DragEvent) => void,
    ) =>
      target.addEventListener(
        type,
        (event) => {
          if (!hasFiles(event)) return;
          event.preventDefault();
          hear(event);
        },
        { signal: listening.signal },
      );
    on('dragenter', () => mark((depth += 1) > 0));
    on('dragover', () => undefined);
    on('dragleave', () => mark((depth -= 1) > 0));
    on('drop', (event) => {
      mark((depth = 0) > 0);
      latest.current([...(event.dataTransfer?.files ?? [])]);
    });
    return () => {
      listening.abort();
      mark(false);
    };
  }, [form]);
}
