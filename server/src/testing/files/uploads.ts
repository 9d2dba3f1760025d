import sharp from 'sharp';
import {
  FILE_NAME_HEADER,
  readFile,
  uploadFile,
  type Attachment,
} from '@teambrain/contract/files.ts';
import type { Person } from '../people.ts';

/** Uploads bytes, or a text, under a name. */
export const upload = (
  person: Person,
  spaceId: string,
  name: string,
  content: Uint8Array | string,
  id?: string,
): Promise<Attachment> =>
  person.call(uploadFile, {
    params: { spaceId },
    query: id === undefined ? {} : { id },
    file: { name, bytes: new Uint8Array(Buffer.from(content)) },
  });

/** What the server answers a reader of a file; with a token, a cookie or neither. */
export const fetchFile = (
  url: string,
  id: string,
  headers: Record<string, string> = {},
  query = '',
): Promise<Response> => fetch(`${url}${readFile.path.replace(':fileId', id)}${query}`, { headers });

export const bearer = ({ token }: Person) => ({ authorization: `Bearer ${token}` });
export const named = (name: string) => ({ [FILE_NAME_HEADER]: encodeURIComponent(name) });

/** A PNG of one colour. */
export const picture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#2a6f6f' } })
    .png()
    .toBuffer();

/** A JPEG as a phone makes it: lying on its side, with a place in its notes. */
export const phonePicture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#804020' } })
    .jpeg()
    .withExif({
      IFD0: { Make: 'CANARYPHONE' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
