// npm run check: types, lint, format, import arrows, dead code; side by side, with times.
import { spawn } from 'node:child_process';
import { install, root } from './prepare.mjs';

install();
// A large young generation: a fifth less time for tools that make many short-lived objects.
const bin = (path) => ['node', ['--max-semi-space-size=128', `node_modules/${path}`]];
const tsc = (project) => [...bin('typescript-7/bin/tsc'), ['-p', project]];
// The longest first, so that it does not run alone at the end.
const checks = {
  lint: [
    ...bin('eslint/bin/eslint.js'),
    ['.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/'],
  ],
  'types contract': tsc('contract'),
  'types server': tsc('server'),
  'types web': tsc('web'),
  'types client, e2e, bench': tsc('.'),
  format: [...bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '--cache', '.']],
  imports: ['node', ['scripts/check-imports.mjs'], []],
  'dead code': [...bin('knip/bin/knip.js'), ['--no-progress']],
  sizes: ['node', ['scripts/check-sizes.mjs'], []],
};

function runOne(command, args, more) {
  return new Promise((resolve) => {
    const child = spawn(command === 'node' ? process.execPath : command, [...args, ...more], {
      cwd: root,
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const queue = Object.entries(checks);
let failed = 0;
async function worker() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, [command, args, more]] = next;
    const start = Date.now();
    const { code, output } = await runOne(command, args, more);
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`,
    );
    if (code !== 0) {
      failed += 1;
      console.log(output);
    }
  }
}
const start = Date.now();
await Promise.all([worker(), worker()]);
console.log(
  `${Object.keys(checks).length - failed} passed, ${failed} failed in ${((Date.now() - start) / 1000).toFixed(0)} s`,
);
process.exit(failed > 0 ? 1 : 0);
