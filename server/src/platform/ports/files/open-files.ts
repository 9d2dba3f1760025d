import { join } from 'node:path';
import { FILES } from '../../db/folder/data-folder.ts';
import { createFolderFiles, INCOMING } from './files.folder.ts';
import { openS3Files } from './files.s3.ts';
import type { Files, S3Settings } from './files.ts';

export interface FilesPlace {
  dataDir: string;
  /** A folder of its own; null for `files` in the data folder. */
  filesDir: string | null;
  /** A bucket instead. */
  s3: S3Settings | null;
}

/** S3_BUCKET or FILES_URL say where uploads are kept; without them they are in the data folder. */
export async function openFiles({ dataDir, filesDir, s3 }: FilesPlace): Promise<Files> {
  if (s3) return openS3Files(s3, join(dataDir, FILES, INCOMING));
  return createFolderFiles(filesDir ?? join(dataDir, FILES));
}
