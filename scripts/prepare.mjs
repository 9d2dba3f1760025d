// Installs and builds what is missing or older than its sources. Node's own modules only: this runs
// on a fresh clone, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

/** Runs a command to its end with its output shown; a failure ends this process. */
export function run(command, args, env = {}) {
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: isWindows,
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** `npm ci` unless node_modules came from this very lockfile. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const marker = at('node_modules', '.teambrain-lock');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  console.error('Installing packages (once, about a minute) …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(marker, lock);
}

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

function isStale(output, inputs) {
  if (!existsSync(output)) return true;
  const built = statSync(output).mtimeMs;
  return inputs.some((folder) => newest(at(folder)) > built);
}

function isStaleOrUnlocked(output, inputs) {
  const lock = statSync(at('node_modules', '.teambrain-lock')).mtimeMs;
  return isStale(output, inputs) || lock > statSync(output).mtimeMs;
}

/** Builds web and server where a source is newer than the build. */
export async function build() {
  if (isStaleOrUnlocked(at('web', 'dist', 'index.html'), ['web', 'client/src', 'contract/src'])) {
    console.error('Building the web app …');
    run(process.execPath, [
      at('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      'web',
      '--logLevel',
      'warn',
    ]);
    const { packWeb } = await import('./pack-web.mjs');
    await packWeb(at('web', 'dist'));
  }
  await buildServer();
}

/** The server and the command line. Says so on standard error: standard output is for reports. */
export async function buildServer() {
  const output = at('server', 'dist', 'teambrain.js');
  if (!isStaleOrUnlocked(output, ['server/src', 'contract/src'])) return;
  console.error('Building the server …');
  const { bundleServer } = await import('./bundle-server.mjs');
  await bundleServer();
}
