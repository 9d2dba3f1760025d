// Installs and builds what is missing or older than its sources. Node's own modules only: this runs
// on a fresh clone, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

/** Ends this process with a sentence. */
function fail(sentence, status = 1) {
  console.error(`\n${sentence}`);
  process.exit(status || 1);
}

/**
 * Runs a command to its end with its output shown; a failure ends this process.
 * @param sentence what to say of the failure
 */
export function run(command, args, env = {}, sentence = '') {
  const isWindows = process.platform === 'win32';
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: isWindows,
  });
  if (error) fail(`${sentence} (${command}: ${error.code ?? error.message})`);
  if (status !== 0 && sentence) fail(sentence, status);
  if (status !== 0) process.exit(status ?? 1);
}

/** What was made here could not be written, or Node is too old: a sentence and no stack. */
export async function orFail(what, work) {
  try {
    return await work();
  } catch (error) {
    const reasons = {
      EACCES: 'this user may not write here',
      EPERM: 'this user may not write here',
      EROFS: 'the file system is read-only',
      ENOSPC: 'the disk is full',
    };
    const [line] = String(error.message ?? error).split('\n');
    return fail(`${what}: ${reasons[error.code] ?? line}. (${root})`);
  }
}

const OLDEST_NODE = [20, 19];

/** Older ones fail somewhere in the middle, with a message about syntax. */
function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(`TeamBrain needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

/** `npm ci` unless node_modules came from this very lockfile. */
export function install() {
  requireNode();
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const marker = at('node_modules', '.teambrain-lock');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  console.error('Installing packages (once, about a minute) …');
  run(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {},
    'Installing packages failed; npm says above why. It needs the network once, npm 10 or newer, and a folder that this user may write. Then start again.',
  );
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
  // The packed page: a build by hand (`vite build web`) has none.
  const page = at('web', 'dist', 'index.html.gz');
  if (isStaleOrUnlocked(page, ['web', 'client/src', 'contract/src'])) {
    console.error('Building the web app …');
    const vite = at('node_modules', 'vite', 'bin', 'vite.js');
    run(
      process.execPath,
      [vite, 'build', 'web', '--logLevel', 'warn'],
      {},
      'Building the web app failed; the reason is above. If packages are damaged, remove node_modules and start again.',
    );
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
