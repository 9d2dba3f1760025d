import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { RefusedError } from './failures.ts';

export const FORMAT = 'teambrain-backup';
export const FORMAT_VERSION = 1;

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });
const Count = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false };
/** A file that backups of earlier versions have; it is checked like all others, and left where it is. */
export const OLD_SECRET = 'data/secret';
/** Nothing that leads out of a folder. */
const PATH =
  /^(?:tables\/[a-z][a-z0-9_]{0,62}\.jsonl\.gz|data\/(?:secret|files(?:\/[\w-][\w.-]*)+))$/;

/** `manifest.json`: what the backup is of and what it consists of. */
const Manifest = Type.Object(
  {
    format: Type.Literal(FORMAT),
    formatVersion: Type.Literal(FORMAT_VERSION),
    id: Type.String(),
    createdAt: Type.String(),
    appVersion: Type.String(),
    /** SHA-256 of each migration the database had had, in order. */
    schema: Type.Array(Hash),
    database: Type.Object({ kind: Type.String(), version: Type.String() }, closed),
    logEpoch: Type.String(),
    tables: Type.Array(
      Type.Object(
        {
          name: Name,
          columns: Type.Array(Name),
          rows: Count,
          /** Of the lines of JSON before compression, each with its line feed. */
          contentSha256: Hash,
          file: Type.String({ pattern: PATH.source }),
          bytes: Count,
          sha256: Hash,
        },
        closed,
      ),
    ),
    /** Where files are that are not in here; `tables/blobs.jsonl.gz` lists them with their hashes. */
    bucket: Type.Optional(
      Type.Object({ place: Type.String(), files: Count, bytes: Count }, closed),
    ),
    /** Files of the data folder. */
    files: Type.Array(
      Type.Object(
        { file: Type.String({ pattern: PATH.source }), bytes: Count, sha256: Hash },
        closed,
      ),
    ),
  },
  closed,
);
export type Manifest = Static<typeof Manifest>;
export type TableEntry = Manifest['tables'][number];

const compiled = Compile(Manifest);

/** @throws RefusedError for anything that is not a manifest of a version known here */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedError('The manifest of the backup is not JSON.');
  }
  const { format, formatVersion } = (value ?? {}) as { format?: unknown; formatVersion?: unknown };
  if (format !== FORMAT) throw new RefusedError('This is not a backup of TeamBrain.');
  if (typeof formatVersion === 'number' && formatVersion > FORMAT_VERSION) {
    throw new RefusedError('The backup was made by a newer TeamBrain. Restore it with that one.');
  }
  if (!compiled.Check(value)) {
    const [error] = compiled.Errors(value);
    const where = error ? ` (${error.instancePath} ${error.message})` : '';
    throw new RefusedError(`The manifest of the backup is not as it should be${where}.`);
  }
  return value;
}
