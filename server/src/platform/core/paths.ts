import { fileURLToPath } from 'node:url';

// Source lies three folders below the package, the bundle one.
const packageUrl = new URL(import.meta.url.endsWith('.ts') ? '../../../' : '../', import.meta.url);

/** Folders the server reads that are not code. */
export const paths = {
  /** The sample team's texts (features/sample). */
  sample: fileURLToPath(new URL('sample', packageUrl)),
  assets: fileURLToPath(new URL('assets', packageUrl)),
  migrations: fileURLToPath(new URL('migrations', packageUrl)),
  web: fileURLToPath(new URL('../web/dist', packageUrl)),
} as const;
