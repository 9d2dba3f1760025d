import { build } from 'esbuild';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Bundles the server: one file per process or thread, flat in a folder, packages left outside. */
export async function bundleServer(outdir = join(root, 'server', 'dist')) {
  const source = (path) => join(root, 'server', 'src', path);
  await build({
    entryPoints: {
      main: source('main.ts'),
      teambrain: source('cli/cli.ts'),
      'embedded.worker': source('platform/db/embedded.worker.ts'),
      'encoder.worker': source('platform/ports/ai/encoder.worker.ts'),
      'reader.keeper.worker': source('reader.keeper.worker.ts'),
      'reader.worker': source('reader.worker.ts'),
      'pictures.worker': source('platform/pictures/pictures.worker.ts'),
    },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@teambrain/contract': join(root, 'contract', 'src') },
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}
