import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { S3mini } from 's3mini';
import { newId } from '../../core/id.ts';
import { problem } from '../../core/problem.ts';
import { RefusedStartError } from '../../core/refused-start.ts';
import {
  isKey,
  MissingFileError,
  requireKey,
  type ByteRange,
  type Files,
  type LocalFile,
  type S3Settings,
} from './files.ts';
import { boundedFetch, bytesOf, isPassing, patiently, S3Failure } from './s3-requests.ts';

/** A reader waits 4.4 s for an answer; an upload ten minutes. */
const READ_TIMES = 2;
const WRITE_TIMES = 3;
const AT_ONCE = 10;
const PAGE = 1_000;
const EMPTY: LocalFile = { path: '', bytes: 0, sha256: createHash('sha256').digest('hex') };

/**
 * Keeps files in a bucket, each under its key. The store tells whether what came is what was sent:
 * it gets the hash along. Whatever can pass is tried again; then it is `busy` to who asked.
 * @param incoming a folder of this machine, for files on their way there
 */
export async function openS3Files(settings: S3Settings, incoming: string): Promise<Files> {
  const client = await connect(settings);

  async function put(key: string, { path, bytes, sha256 }: LocalFile) {
    const headers = { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') };
    const body = bytes > 0 ? Readable.toWeb(createReadStream(path)) : '';
    const type = 'application/octet-stream';
    await client.putObject(
      requireKey(key),
      body as ReadableStream,
      type,
      undefined,
      headers,
      bytes,
    );
  }

  async function get(key: string, range?: ByteRange): Promise<Response> {
    if (!range) return client.getObjectRaw(key);
    const { start, end } = range;
    const response = await client.getObjectRaw(key, false, start, end + 1);
    const part = response.headers.get('content-range') ?? '';
    if (part.startsWith(`bytes ${start}-${end}/`)) return response;
    await response.body?.cancel();
    throw new S3Failure('GET', response.status, 'it is another part than was asked for');
  }

  async function remove(key: string): Promise<void> {
    try {
      await patiently(WRITE_TIMES, () => client.deleteObject(requireKey(key)));
    } catch (error) {
      if (!isNothing(error)) throw error;
    }
  }

  return {
    place: placeOf(settings),
    incoming,
    async put(key, file) {
      try {
        await patiently(WRITE_TIMES, () => put(key, file));
      } catch (error) {
        throw asBusy(error);
      }
      await rm(file.path);
    },
    async read(key, range) {
      requireKey(key);
      try {
        return bytesOf(await patiently(READ_TIMES, () => get(key, range)));
      } catch (error) {
        throw isNothing(error) ? new MissingFileError(key, error) : asBusy(error);
      }
    },
    async remove(keys) {
      for (let from = 0; from < keys.length; from += AT_ONCE) {
        await Promise.all(keys.slice(from, from + AT_ONCE).map(remove));
      }
    },
    async *list() {
      let token: string | undefined;
      do {
        const page = await patiently(WRITE_TIMES, () =>
          client.listObjectsPaged('/', '', PAGE, token),
        );
        for (const { Key: key, Size: bytes } of page?.objects ?? []) {
          if (isKey(key)) yield { key, bytes };
        }
        token = page?.nextContinuationToken;
      } while (token);
    },
    async ready() {
      const probe = newId();
      const steps = [() => client.bucketExists(), () => put(probe, EMPTY), () => remove(probe)];
      for (const [index, step] of steps.entries()) {
        try {
          await patiently<unknown>(WRITE_TIMES, step);
        } catch (error) {
          throw new RefusedStartError(sentenceOf(error, settings, index > 0), error);
        }
      }
    },
    close: () => Promise.resolve(),
  };
}

async function connect({ bucket, endpoint, region, style, ...keys }: S3Settings): Promise<S3mini> {
  const { S3mini } = await import('s3mini');
  const url = new URL(endpoint);
  if (style === 'path') url.pathname = `${url.pathname.replace(/\/$/, '')}/${bucket}`;
  else url.host = `${bucket}.${url.host}`;
  return new S3mini({
    accessKeyId: keys.accessKey,
    secretAccessKey: keys.secretKey,
    endpoint: url.href,
    region,
    fetch: boundedFetch,
  });
}

const placeOf = ({ bucket, endpoint }: S3Settings) => `bucket ${bucket} at ${endpoint}`;

/** No such object; a bucket that is away says nothing of what is in it. */
const isNothing = (error: unknown) =>
  error instanceof S3Failure && error.status === 404 && error.why !== 'NoSuchBucket';

/** To who asks for a file: it is not here now. Anything but that is a fault of ours. */
function asBusy(error: unknown): unknown {
  if (!isPassing(error)) return error;
  return problem('busy', { detail: 'Files cannot be reached now', retryAfter: 5, cause: error });
}

/** Why a start with this bucket has to fail, and what to set. */
function sentenceOf(error: unknown, settings: S3Settings, isWriting: boolean): string {
  const place = placeOf(settings);
  const { status, message } = error as S3Failure;
  if (status === 404) return `There is no ${place}. Make it, or set S3_BUCKET to another.`;
  if (status === 403 && isWriting) {
    return `The key of S3_ACCESS_KEY may not write and remove objects in the ${place}.`;
  }
  if (status === 401 || status === 403) {
    return `The ${place} refuses the key: check S3_ACCESS_KEY and S3_SECRET_KEY, and that it may list the bucket.`;
  }
  if (status === 301 || status === 307 || status === 400) {
    return `The ${place} is in another region, or wants S3_STYLE to be otherwise: check S3_REGION and S3_ENDPOINT (${message}).`;
  }
  return `The ${place} cannot be used. ${message}. Check S3_ENDPOINT.`;
}
