// npm run bench:lighthouse: builds what is missing, installs Lighthouse beside the bench, judges the
// screens (bench/lighthouse/main.ts).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, run } from './prepare.mjs';

install();
await build();
const tool = join(root, 'bench', 'lighthouse', 'tool');
if (!existsSync(join(tool, 'node_modules', '.package-lock.json'))) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['ci', '--prefix', tool, ...quiet], {}, 'Installing Lighthouse failed.');
}
run(process.execPath, ['--import', 'tsx', 'bench/lighthouse/main.ts', ...process.argv.slice(2)]);
