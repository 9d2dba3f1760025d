// Rule 8: files of at most 400 lines (aim: 250), folders of at most 20 source files besides tests (aim: 12).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_LINES = 400;
const MAX_FILES = 20;
// One file per feature: these grow with the product.
const GROWING = ['contract/src', 'client/src'];
const files = execFileSync('git', [
  'ls-files',
  '-co',
  '--exclude-standard',
  '*.ts',
  '*.tsx',
  '*.mjs',
])
  .toString()
  .split('\n')
  .filter(Boolean);
const problems = [];
const folders = new Map();
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  if (lines > MAX_LINES) problems.push(`${file} has ${lines} lines (at most ${MAX_LINES})`);
  if (!/\.(test|suite)\.tsx?$/.test(file))
    folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
}
for (const [folder, count] of folders) {
  if (count > MAX_FILES && !GROWING.includes(folder))
    problems.push(`${folder} holds ${count} files (at most ${MAX_FILES})`);
}
if (files.length < 50)
  problems.push(`only ${files.length} files were seen: this check looked in the wrong place`);
console.log(problems.join('\n') || `${files.length} files`);
process.exit(problems.length > 0 ? 1 : 0);
