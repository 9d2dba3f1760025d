/** A file of a folder or archive. */
export interface SourceFile {
  /** Where it lay, with `/`, in NFC, unique in its source. Only shown, never joined to a path. */
  label: string;
  size: number;
}

/** What is imported from: a folder, or a zip file that is read like one. */
export interface Source {
  /** Its path, for messages. */
  path: string;
  /** Name of what it holds, without the folders and the extension around it. */
  name: string;
  /** All files but those that were left out, in the order of their labels. */
  files: SourceFile[];
  /** What was left out unread, and why: each is one file or folder. */
  left: { what: string; why: string }[];
  /**
   * A file's bytes, up to 64 MB.
   * @throws UnreadableError when this one file is too large, damaged or encrypted
   * @throws SeedError when the whole source goes beyond its caps
   */
  read(label: string): Promise<Uint8Array>;
  /** Of an archive: writes a file to a place, to be opened there. Throws as `read` does. */
  save?(label: string, to: string): Promise<void>;
  close(): Promise<void>;
}

/** A folder or archive that cannot be imported; the message says why and what to do. */
export class SeedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SeedError';
  }
}

/** One file that cannot be read; others can. The message completes "<file>: …". */
export class UnreadableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableError';
  }
}

export const MB = 1_048_576;
/** Of one file: it is held in memory while it is read. */
export const FILE_MAX = 64 * MB;

const SYSTEM = /^(?:\..*|node_modules|__MACOSX|Thumbs\.db|desktop\.ini)$/i;

/**
 * The part of a path that operating systems and tools keep for themselves, with what is before it;
 * null for a file of people.
 */
export function systemPart(label: string): string | null {
  const parts = label.split('/');
  const at = parts.findIndex((part) => SYSTEM.test(part));
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}

/** A label that is not in use yet: `a.md`, `a (2).md`, … */
export function uniqueLabel(label: string, isTaken: (label: string) => boolean): string {
  const [, stem = label, extension = ''] = /^(.*?)(\.[^./]+)?$/s.exec(label) ?? [];
  let free = label;
  for (let n = 2; isTaken(free); n++) free = `${stem} (${n})${extension}`;
  return free;
}

/** Compares by code units, so that every machine and language gives the same order. */
export const byLabel = (a: { label: string }, b: { label: string }): number =>
  a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
