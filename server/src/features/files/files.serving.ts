import type { Readable } from 'node:stream';
import { isInline } from '@teambrain/contract/files.ts';
import type { Access } from '../../platform/access/access.ts';
import { isLive } from '../../platform/access/hold-session.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { problem, ProblemError } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import { StreamAnswer } from '../../platform/http/route.ts';
import { MissingFileError, type ByteRange, type Files } from '../../platform/ports/files/files.ts';
import { findServed, type Served } from './files.store.ts';

/** Files that one person may have on their way at a time, from this instance. */
const MAX_OPEN = 32;

export interface ServingDependencies {
  db: Database;
  access: Access;
  files: Files;
}

/** Gives bytes to those who may read now what they hang on. */
export function createServing({ db, access, files }: ServingDependencies) {
  const open = new Map<string, number>();

  /** The file, where the actor may read it now. @throws not-found */
  async function admit(actor: Actor, id: string): Promise<Served> {
    const file = await findServed(db, id);
    const isTheirs = file !== null && (file.isAttached || file.ownerId === actor.userId);
    if (!isTheirs) throw problem('not-found');
    try {
      await access.space(actor, file.spaceId, 'read');
    } catch (error) {
      // Whether the space is locked to them, or gone: there is no such file for them.
      if (error instanceof ProblemError) throw problem('not-found');
      throw error;
    }
    return file;
  }

  /** Holds one of the person's places until the stream is over. @throws too-many-requests */
  function enter(userId: string): () => void {
    const count = open.get(userId) ?? 0;
    if (count >= MAX_OPEN) {
      const detail = 'Take the files first that are on their way to you';
      throw problem('too-many-requests', { detail, retryAfter: 2 });
    }
    open.set(userId, count + 1);
    return () => {
      const left = (open.get(userId) ?? 1) - 1;
      if (left > 0) open.set(userId, left);
      else open.delete(userId);
    };
  }

  async function read(key: string, range: ByteRange | undefined, leave: () => void) {
    try {
      const bytes = await files.read(key, range);
      bytes.once('close', leave);
      return bytes;
    } catch (error) {
      leave();
      if (error instanceof MissingFileError) throw problem('not-found', { cause: error });
      throw error;
    }
  }

  return {
    /** @throws not-found, range-not-satisfiable, too-many-requests */
    async serve(
      actor: Actor,
      id: string,
      { size, range: header }: { size?: 'small' | undefined; range: string | undefined },
    ): Promise<StreamAnswer> {
      const file = await admit(actor, id);
      if (size === 'small' && file.smallKey === null) throw problem('not-found');
      const isSmall = size === 'small' && file.smallKey !== null;
      const key = isSmall ? (file.smallKey as string) : file.blobKey;
      const total = isSmall ? (file.smallBytes ?? 0) : file.bytes;
      const range = rangeOf(header, total);
      const bytes = await read(key, range, enter(actor.userId));
      whileAllowed(bytes, async () => {
        await admit(actor, id);
        if (!(await isLive(db, actor))) throw problem('session-ended');
      });
      return new StreamAnswer(
        range ? 206 : 200,
        {
          ...HEADERS,
          'content-type': isSmall ? 'image/webp' : file.type,
          'content-disposition': dispositionOf(file),
          'content-length': String(range ? range.end - range.start + 1 : total),
          ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${total}` } : {}),
        },
        bytes,
      );
    },
  };
}

/** So often, in milliseconds, a file that is on its way is asked for whether it may go on. */
const ASK_AGAIN_MS = 800;

/** Breaks a stream off once its reader may not have it any more, or nobody can tell. */
function whileAllowed(bytes: Readable, requireAllowed: () => Promise<void>): void {
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    requireAllowed().then(
      () => (isAsking = false),
      (error: unknown) => bytes.destroy(error as Error),
    );
  }, ASK_AGAIN_MS);
  bytes.once('close', () => clearInterval(timer));
}

/** Nothing in a file runs, loads or is framed, whatever it is; and nobody keeps it behind our back. */
const HEADERS = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-store',
  'accept-ranges': 'bytes',
};

/** The name twice: for all, and with its letters (RFC 6266). */
function dispositionOf({ type, name }: Served): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const how = isInline(type) ? 'inline' : 'attachment';
  return `${how}; filename="${plain}"; filename*=UTF-8''${full}`;
}

/**
 * The one part of so many bytes that a Range header asks for; undefined for all of them, also where
 * it asks for several parts or in a way that is not known (RFC 9110 lets it be ignored).
 * @throws range-not-satisfiable
 */
function rangeOf(header: string | undefined, total: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (!first && !last)) return undefined;
  const start = first ? Number(first) : Math.max(0, total - Number(last));
  const end = first && last ? Math.min(Number(last), total - 1) : total - 1;
  if (first && last && Number(last) < Number(first)) return undefined;
  if (start >= total || start > end) throw problem('range-not-satisfiable');
  return { start, end };
}
