import type { Attachment } from '@teambrain/contract/files.ts';

/** A file that is shown small, and large in the viewer. */
export type Picture = Attachment & { width: number; height: number };

export const isPicture = (file: Attachment): file is Picture =>
  file.width !== null && file.height !== null;
