import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import { cleanFileName, fileTypeOf, mediumOf, type Attachment } from '@teambrain/contract/files.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import type { Attachments } from '../../platform/core/knowledge.ts';
import { makeFolder } from '../../platform/core/make-folder.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import type { Upload } from '../../platform/http/route.ts';
import type { Pictures } from '../../platform/pictures/pictures.ts';
import type { Files, LocalFile } from '../../platform/ports/files/files.ts';
import * as store from './files.store.ts';
import { receive, tooLarge } from './receive.ts';
import { hashOfFile } from './hash-of-file.ts';

export interface FilesDependencies {
  db: Database;
  clock: Clock;
  files: Files;
  pictures: Pictures;
  /** Bytes that files may take: each, of one person, and of all together. */
  fileLimits: { each: number; person: number; all: number };
}

export type FileService = ReturnType<typeof createFiles>;

/** What came in, beside where it lies. */
interface Received {
  file: LocalFile;
  small: LocalFile | null;
  facts: Omit<Attachment, 'id'>;
}

/** Uploads, and what messages may do with them. */
export function createFiles({ db, clock, files, pictures, fileLimits }: FilesDependencies) {
  /** @throws too-large, quota-exceeded */
  async function requireRoom(
    { actor }: Space<'write'>,
    bytes: number,
    executor: Executor = db,
  ): Promise<void> {
    if (bytes > fileLimits.each) throw tooLarge(fileLimits.each);
    const { own, all } = await store.sumBytes(executor, actor.userId);
    if (own + bytes > fileLimits.person) {
      const detail = `Your files may take ${inMegabytes(fileLimits.person)}; delete messages with files that nobody needs`;
      throw problem('quota-exceeded', { detail });
    }
    if (all + bytes > fileLimits.all) {
      const detail = `All files together may take ${inMegabytes(fileLimits.all)}; ask an administrator`;
      throw problem('quota-exceeded', { detail });
    }
  }

  /** What a file is, by its content alone; of a picture a small one is made beside it. */
  async function examine(file: LocalFile, given: string, target: string): Promise<Received> {
    const name = cleanFileName(given);
    const found = file.bytes > 0 ? await fileTypeFromFile(file.path) : undefined;
    const type = fileTypeOf(found?.mime, name);
    const facts = { name, type, bytes: file.bytes, width: null, height: null };
    if (mediumOf(type) !== 'image') return { file, small: null, facts };
    const pictured = await pictures.shrink(file.path, target);
    // What cannot be made small, as it is damaged or too large, is shown nowhere: it can be saved.
    if (!pictured) {
      return { file, small: null, facts: { ...facts, type: fileTypeOf(undefined, name) } };
    }
    const { width, height, isRewritten } = pictured;
    const kept = isRewritten ? await hashOfFile(file.path) : file;
    const shown = { ...facts, bytes: kept.bytes, width, height };
    return { file: kept, small: await hashOfFile(target), facts: shown };
  }

  async function keep(space: Space<'write'>, id: string, keys: Keys, received: Received) {
    const { file, small, facts } = received;
    await files.put(keys.blob, file);
    if (small) await files.put(keys.small, small);
    const stored = (key: string, { bytes, sha256 }: LocalFile) => ({ key, bytes, sha256 });
    const row = {
      id,
      ...facts,
      createdAt: clock.now(),
      blob: stored(keys.blob, file),
      small: small && stored(keys.small, small),
    };
    const isKept = await store.insertFile(db, space, row, (tx) =>
      requireRoom(space, file.bytes, tx),
    );
    if (isKept) await store.releaseBlobs(db, small ? [] : [keys.small]);
    return isKept;
  }

  /** The upload with this id, where it is the actor's own in this space. @throws id-taken */
  async function findEarlier(space: Space<'write'>, id: string): Promise<Attachment | null> {
    const own = await store.findOwn(db, space, id);
    if (!own && (await store.isTaken(db, id))) throw problem('id-taken');
    return own;
  }

  const attachments: Attachments = {
    async find(space, ids, messageId) {
      const found = await store.listFree(db, space, ids, messageId);
      const byId = new Map(found.map((file) => [file.id, file]));
      const inOrder = ids.map((id) => byId.get(id));
      return inOrder.every((file) => file !== undefined) ? inOrder : null;
    },
    async attach(tx, space, ids, messageId) {
      return (await store.attach(tx, space, ids, messageId)) === ids.length;
    },
    release: store.removeOfMessage,
  };

  return {
    attachments,

    /**
     * Takes a file in. The same id again gives the first result, whatever comes with it.
     * @throws id-taken, too-large, too-slow, quota-exceeded, invalid-request, storage-full
     */
    async upload(
      space: Space<'write'>,
      { name, declared, bytes }: Upload,
      id: string = newId(),
    ): Promise<Attachment> {
      const earlier = await findEarlier(space, id);
      if (earlier) return earlier;
      await requireRoom(space, declared ?? 0);
      const keys: Keys = { blob: newId(), small: newId() };
      const path = join(files.incoming, keys.blob);
      const target = join(files.incoming, keys.small);
      makeFolder(files.incoming);
      await store.insertBlobs(db, [keys.blob, keys.small], clock.now());
      let isKept = false;
      try {
        const file = await receive(bytes, { path, max: fileLimits.each, declared });
        await requireRoom(space, file.bytes);
        const received = await examine(file, name, target);
        isKept = await keep(space, id, keys, received);
        return isKept ? { id, ...received.facts } : await again(space, id);
      } finally {
        await Promise.all([path, target].map((one) => rm(one, { force: true })));
        if (!isKept) await store.releaseBlobs(db, [keys.blob, keys.small]);
      }
    },

    /** @throws not-found where the upload is another's, or a message's */
    async discard(space: Space<'write'>, id: string): Promise<void> {
      if (!(await store.removeFree(db, space, id))) throw problem('not-found');
    },
  };

  /** The same upload came twice at once. */
  async function again(space: Space<'write'>, id: string): Promise<Attachment> {
    const earlier = await findEarlier(space, id);
    if (!earlier) throw problem('id-taken');
    return earlier;
  }
}

interface Keys {
  blob: string;
  small: string;
}

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1_048_576).toLocaleString('en')} MB`;
