import { readFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutation } from './mutations.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles the server from this checkout's source into `folder`, as `npm run build` does, so that a
 * run measures what is here. A mutation changes the source on its way into the bundle.
 *
 * @returns the path of its `main.js`
 * @throws Error when the text a mutation replaces is no longer in the source
 */
export async function bundleServer(folder: string, mutation?: Mutation): Promise<string> {
  const source = (path: string) => join(root, 'server/src', path);
  const home = join(folder, 'server');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  for (const name of ['migrations', 'assets', 'sample']) {
    symlinkSync(join(root, 'server', name), join(home, name));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const pending = new Set(mutation?.edits.map(({ file }) => file));
  await build({
    entryPoints: {
      main: source('main.ts'),
      'embedded.worker': source('platform/db/embedded.worker.ts'),
      'reader.keeper.worker': source('reader.keeper.worker.ts'),
      'reader.worker': source('reader.worker.ts'),
      'encoder.worker': source('platform/ports/ai/encoder.worker.ts'),
    },
    outdir: join(home, 'dist'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@teambrain/contract': join(root, 'contract/src') },
    sourcemap: true,
    logLevel: 'silent',
    plugins: mutation ? [mutate(mutation, pending)] : [],
  });
  if (pending.size > 0) {
    throw new Error(`${mutation?.name}: not part of the server: ${[...pending].join(', ')}`);
  }
  return join(home, 'dist/main.js');
}

function mutate(mutation: Mutation, pending: Set<string>): Plugin {
  return {
    name: 'mutate',
    setup({ onLoad }) {
      onLoad({ filter: /server\/src\/.*\.ts$/ }, ({ path }) => {
        const edits = mutation.edits.filter(({ file }) => path === join(root, 'server/src', file));
        if (edits.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const { file, find, put } of edits) {
          if (contents.split(find).length !== 2) {
            throw new Error(`${mutation.name}: ${file} no longer holds once: ${find}`);
          }
          contents = contents.replace(find, () => put);
          pending.delete(file);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}
