import {
  FILE_MAX,
  fileAddress,
  MESSAGE_FILES_MAX,
  type Attachment,
} from '@teambrain/contract/files.ts';
import { isTransient } from '@teambrain/client/errors.ts';
import type { Session } from '@teambrain/client/session.ts';
import { sendFile } from '@teambrain/client/upload.ts';
import { v7 as uuid } from 'uuid';
import { messageOf } from '../../../platform/problem.ts';
import { createStore } from '../../../platform/store.ts';

/** A file of a message that is being written. */
export interface Upload {
  readonly id: string;
  readonly file: Pick<File, 'name' | 'size'>;
  /** What is to be sent of it; null where another window did. */
  readonly bytes: File | null;
  /** Address of a picture while it is only here. */
  readonly preview: string | null;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  /** How much of it has left, 0 to 1. */
  readonly share: number;
  /** Why it failed, and whether another try can help. */
  readonly failure: string | null;
  readonly mayRetry: boolean;
  /** What the server made of it. */
  readonly attachment: Attachment | null;
}

type ByDraft = ReadonlyMap<string, readonly Upload[]>;

/** By the key of the draft they belong to, so that they go on while another space is looked at. */
export const uploads = createStore<ByDraft>(new Map());
const aborts = new Map<string, AbortController>();
const NONE: readonly Upload[] = [];
/** The server takes four of a person at a time; one is left for another window. */
const AT_ONCE = 3;

export const uploadsOf = (all: ByDraft, key: string): readonly Upload[] => all.get(key) ?? NONE;

interface Place {
  key: string;
  spaceId: string;
  session: Session;
}

/** Adds files to a draft and begins to send them; gives how many were too many. */
export function addUploads(place: Place, files: readonly File[]): number {
  const room = MESSAGE_FILES_MAX - uploadsOf(uploads.get(), place.key).length;
  const taken = files.slice(0, Math.max(0, room));
  change(place.key, (now) => [...now, ...taken.map(begin)]);
  next(place);
  return files.length - taken.length;
}

function begin(file: File): Upload {
  const isPicture = /^image\/(?:png|jpeg|gif|webp|avif)$/.test(file.type);
  const isTooLarge = file.size > FILE_MAX;
  return {
    id: uuid(),
    file,
    bytes: file,
    preview: isPicture && !isTooLarge ? URL.createObjectURL(file) : null,
    state: isTooLarge ? 'failed' : 'waiting',
    share: 0,
    failure: isTooLarge ? `A file has at most ${FILE_MAX / 1_048_576} MB.` : null,
    mayRetry: false,
    attachment: null,
  };
}

/** Takes a file out of a draft, whether it is on its way or there. */
export function removeUpload(key: string, id: string): void {
  aborts.get(id)?.abort();
  change(key, (now) => now.filter((one) => one.id !== id || (release(one), false)));
}

export function retryUpload(place: Place, id: string): void {
  set(place.key, id, { state: 'waiting', share: 0, failure: null });
  next(place);
}

/** Makes those that are there the files of the draft; what is on its way stays beside them. */
export function takeUpFiles(key: string, attachments: readonly Attachment[]): void {
  change(key, (now) => [
    ...attachments.map(
      (one) => now.find(({ attachment }) => attachment?.id === one.id) ?? made(one),
    ),
    ...now.filter(({ attachment }) => attachment === null),
  ]);
}

/** A file that another window, or this one before a reload, has uploaded. */
function made(attachment: Attachment): Upload {
  const { id, name, bytes: size, width } = attachment;
  return {
    id,
    file: { name, size },
    bytes: null,
    preview: width === null ? null : fileAddress(id, 'small'),
    state: 'done',
    share: 1,
    failure: null,
    mayRetry: false,
    attachment,
  };
}

/** The draft was sent: what is there of its files goes with it. */
export function takeUploads(key: string): Attachment[] {
  const taken = uploadsOf(uploads.get(), key);
  for (const one of taken) release(one);
  change(key, () => NONE);
  return taken.flatMap(({ attachment }) => attachment ?? []);
}

/** Forgets everything, as at a log-out. */
export function dropUploads(): void {
  for (const list of uploads.get().values()) for (const one of list) release(one);
  for (const abort of aborts.values()) abort.abort();
  uploads.set(new Map());
}

const release = ({ preview, bytes }: Upload) =>
  preview !== null && bytes !== null && URL.revokeObjectURL(preview);

function next(place: Place): void {
  const list = uploadsOf(uploads.get(), place.key);
  const free = AT_ONCE - list.filter(({ state }) => state === 'sending').length;
  for (const one of list.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free))) {
    void send(place, one);
  }
}

async function send(place: Place, { id, file, bytes }: Upload): Promise<void> {
  if (!bytes) return;
  const { key, spaceId, session } = place;
  const abort = new AbortController();
  aborts.set(id, abort);
  set(key, id, { state: 'sending' });
  try {
    const attachment = await sendFile(
      { spaceId, id, name: file.name || 'file', bytes },
      {
        freshToken: session.freshToken,
        onProgress: (share) => set(key, id, { share }),
        signal: abort.signal,
      },
    );
    set(key, id, { state: 'done', share: 1, attachment });
  } catch (error) {
    // Who took it out wants to hear nothing of it.
    if (!abort.signal.aborted) {
      set(key, id, { state: 'failed', failure: messageOf(error), mayRetry: isTransient(error) });
    }
  } finally {
    aborts.delete(id);
    next(place);
  }
}

function set(key: string, id: string, changes: Partial<Upload>): void {
  change(key, (now) => now.map((one) => (one.id === id ? { ...one, ...changes } : one)));
}

function change(key: string, how: (now: readonly Upload[]) => readonly Upload[]): void {
  uploads.set((all) => {
    const list = how(uploadsOf(all, key));
    const changed = new Map(all);
    if (list.length > 0) changed.set(key, list);
    else changed.delete(key);
    return changed;
  });
}
