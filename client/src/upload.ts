import { FILE_NAME_HEADER, uploadFile, type Attachment } from '@teambrain/contract/files.ts';
import { addressOf, readAnswer } from './call.ts';
import { ConnectionError, isProblem } from './errors.ts';

/** A file to upload; the id makes a retry the same upload. */
export interface FileToSend {
  spaceId: string;
  id: string;
  name: string;
  bytes: Blob;
}

/** A half of a pair, which cannot be encoded; file systems have such names. */
const LONE = /[\uD800-\uDFFF]/gu;

interface UploadOptions {
  baseUrl?: string;
  /** A token to use now; after a refusal another than the `rejected` one. Null when signed out. */
  freshToken(rejected?: string): Promise<string | null>;
  /** How much has left, from 0 to 1. */
  onProgress?(share: number): void;
  signal?: AbortSignal;
}

/**
 * Uploads a file from a browser, which tells how far it is (fetch does not). Rejects as `Call` does.
 */
export async function sendFile(file: FileToSend, options: UploadOptions): Promise<Attachment> {
  const token = await options.freshToken();
  try {
    return await send(file, token, options);
  } catch (error) {
    if (!isProblem(error, 'not-signed-in', 'session-ended') || token === null) throw error;
    return send(file, await options.freshToken(token), options);
  }
}

function send(
  { spaceId, id, name, bytes }: FileToSend,
  token: string | null,
  { baseUrl = '', onProgress, signal }: UploadOptions,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(baseUrl, uploadFile, { params: { spaceId }, query: { id } }));
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader(FILE_NAME_HEADER, encodeURIComponent(name.replace(LONE, '_')));
    if (token !== null) request.setRequestHeader('authorization', `Bearer ${token}`);
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 1);
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.onabort = () => reject(signal?.reason as Error);
    request.onerror = () => reject(new ConnectionError('No connection'));
    request.onload = () => {
      const header = (field: string) => request.getResponseHeader(field);
      try {
        const { status, responseText: text } = request;
        resolve(readAnswer(uploadFile, { status, text, header }) as Attachment);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    request.send(bytes);
  });
}
