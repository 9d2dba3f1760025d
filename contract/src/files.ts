import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Nullable, OneOf } from './id.ts';
import { isName, withoutHidden } from './visible.ts';

/** Largest file, in bytes, unless an administrator sets less. */
export const FILE_MAX = 25 * 1_048_576;
/** Files that one message carries. */
export const MESSAGE_FILES_MAX = 10;
export const FILE_NAME_MAX = 200;
/** Header of an upload with the file's name, percent-encoded. */
export const FILE_NAME_HEADER = 'x-file-name';

/** Media types that browsers are shown, with the endings a name may have for them. */
const shown = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/avif': ['avif'],
  'video/mp4': ['mp4', 'm4v'],
  'video/webm': ['webm'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'audio/flac': ['flac'],
} as const satisfies Record<string, readonly string[]>;

type ShownType = keyof typeof shown;

/** What a file is by its content. Whatever is not known for certain is `application/octet-stream`. */
export const fileTypes = [
  ...(Object.keys(shown) as ShownType[]),
  'application/pdf',
  'application/zip',
  'application/octet-stream',
] as const;
export type FileType = (typeof fileTypes)[number];

const isShownType = (type: string): type is ShownType => Object.hasOwn(shown, type);

/**
 * What a file is for its readers: its type by content, where that may be shown only if the name has
 * an ending of that type, so that nothing is saved under a name that says something else.
 */
export function fileTypeOf(byContent: string | undefined, name: string): FileType {
  if (byContent === undefined) return 'application/octet-stream';
  if (isShownType(byContent)) {
    const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
    const endings: readonly string[] = shown[byContent];
    return endings.includes(ending) ? byContent : 'application/octet-stream';
  }
  return fileTypes.find((type) => type === byContent) ?? 'application/octet-stream';
}

/** Whether a browser may show it in place; everything else is saved. */
export const isInline = (type: FileType): boolean => isShownType(type);

/** `image`, `video` and `audio` are shown and played, the rest is named. */
export function mediumOf(type: FileType): 'image' | 'video' | 'audio' | 'file' {
  const [medium] = type.split('/');
  return medium === 'image' || medium === 'video' || medium === 'audio' ? medium : 'file';
}

/**
 * A name that can be shown and saved: without folders, invisible characters and those that turn
 * text, at most FILE_NAME_MAX characters with its ending kept; `file` where nothing is left.
 */
export function cleanFileName(given: string): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = withoutHidden(last.replace(/\s+/g, ' '))
    .replace(/[<>:"|?*]/g, '_')
    .trim();
  const name = isName(plain) && !/^\.+$/.test(plain) ? plain : 'file';
  if (name.length <= FILE_NAME_MAX) return name;
  const ending = /\.[\p{L}\p{N}]{1,16}$/u.exec(name)?.[0] ?? '';
  // Without the half of a pair that may be left at the end.
  const kept = name.slice(0, FILE_NAME_MAX - ending.length).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}${ending}`;
}

/** A file as messages list it. A picture that can be shown small has a width and a height. */
export const Attachment = Closed({
  id: Id,
  name: Type.String(),
  type: OneOf(...fileTypes),
  bytes: Type.Integer({ minimum: 0 }),
  width: Nullable(Type.Integer({ minimum: 1, description: 'Pixels, as it is to be shown' })),
  height: Nullable(Type.Integer({ minimum: 1 })),
});
export type Attachment = Static<typeof Attachment>;

/** Where a file is read, on the server's own origin. */
export const fileAddress = (id: string, size?: 'small'): string =>
  `/files/${id}${size ? `?size=${size}` : ''}`;

export const uploadFile = endpoint('POST /spaces/:spaceId/files', 'write', {
  summary:
    'Upload a file as the body, to be named by a message within a day; with a client-made id a retry returns the first result',
  limit: 'upload',
  takesBytes: { max: FILE_MAX, seconds: 600 },
  query: Closed({ id: Type.Optional(Id) }),
  answer: Attachment,
  status: 201,
  problems: ['id-taken', 'too-large', 'quota-exceeded', 'too-slow', 'storage-full'],
});

export const discardFile = endpoint('DELETE /spaces/:spaceId/files/:fileId', 'write', {
  summary: 'Take back an upload of one’s own that no message has named yet',
  limit: 'upload',
});

export const readFile = endpoint('GET /files/:fileId', 'user', {
  summary:
    'The bytes of a file, or a part of them (Range), for who may read now what it hangs on; a picture also small',
  limit: 'download',
  isOutsideApi: true,
  givesBytes: true,
  fileCookie: true,
  query: Closed({ size: Type.Optional(OneOf('small')) }),
  problems: ['not-found', 'range-not-satisfiable'],
});
