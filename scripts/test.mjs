// npm test: every test that this machine can run, and plain words about those it cannot.
import { existsSync } from 'node:fs';
import { build, install, run } from './prepare.mjs';

install();
await build();

const left = [];
run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browser = process.env.CHROMIUM_PATH ?? chromium.find((path) => existsSync(path));
if (process.argv.length > 2) {
  left.push('browser journeys: only a selection of tests was asked for');
} else if (browser) {
  run(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e'], {
    CHROMIUM_PATH: browser,
  });
} else {
  left.push('browser journeys: no Chromium found (install it, or set CHROMIUM_PATH)');
}
if (process.getuid?.() !== 0) left.push('a backup onto a full disk: only root may make one');
if (!process.env.TEST_DATABASE_URL) left.push('PostgreSQL: TEST_DATABASE_URL is not set');
else if (!process.env.CI_FULL) {
  left.push('on the embedded database, what ran on PostgreSQL and is no law: CI_FULL=1 runs it');
}
if (!process.env.TEST_REDIS_URL) left.push('Redis: TEST_REDIS_URL is not set');
if (left.length > 0) console.log(`\nLeft out:\n${left.map((line) => `- ${line}`).join('\n')}`);
