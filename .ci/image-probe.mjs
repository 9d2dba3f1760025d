// Tries the image that `.ci/image build` made, as compose.yaml runs it: ordinary user without
// capabilities, root file system read-only, secrets from files; and what the guide says to do with
// it. Usage: image-probe.mjs ROOT INSPECTED (from `.ci/image`). With TEST_DATABASE_URL also two
// instances behind Caddy, one of which is stopped under writes.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { tryAlone } from './image-alone.mjs';
import { createBox } from './image-box.mjs';
import { checkCompose, documentedCommands } from './image-compose.mjs';
import { prepareServices } from './image-services.mjs';
import { tryTogether } from './image-together.mjs';
import { pause } from './image-tools.mjs';

const [root, inspected] = process.argv.slice(2);
const { config } = JSON.parse(readFileSync(inspected, 'utf8')).Docker;
const source = readFileSync('compose.yaml', 'utf8');
const compose = parse(source, { merge: true });
const work = mkdtempSync(join(tmpdir(), 'teambrain-image-'));
const box = createBox({ root, config, work });
const say = (text) => console.log(`probe: ${text}`);

/** What the image says of itself. */
async function checkConfig() {
  assert.equal(config.User, 'node');
  assert.deepEqual(config.Cmd.slice(0, 1), ['node']);
  assert.ok(config.Healthcheck?.Test?.[0] === 'CMD', 'there is a HEALTHCHECK');
  const secrets = config.Env.filter((one) => /SECRET|TOKEN|PASSWORD|_URL/.test(one));
  assert.deepEqual(secrets, []);
  const packages = ['typescript', 'vite'].map((name) => `node_modules/${name}`);
  for (const gone of ['server/src', 'server/test', 'web/src', ...packages]) {
    assert.ok(!existsSync(join(root, 'app', gone)), `${gone} is not in the image`);
  }
  const { stdout } = await box.run(['node', '--version'], {});
  const help = await box.run(['teambrain', '--help'], {});
  assert.equal(help.code, 0, help.stderr);
  for (const name of ['backup', 'restore', 'doctor', 'migrate-to-postgres']) {
    assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
  }
  say(`Node ${stdout.trim()}; user, command, health check and contents are as they should be`);
}

try {
  checkCompose(source, compose);
  const commands = documentedCommands();
  await checkConfig();
  const embedded = await tryAlone({ box, config, commands });
  const { TEST_DATABASE_URL: database, CADDY: caddy, VALKEY: redis } = process.env;
  if (database && caddy && redis) {
    const services = await prepareServices({ box, compose, work, database, redis });
    try {
      await tryTogether({ box, compose, services, caddy, work, commands, embedded });
    } finally {
      box.killAll();
      await pause(500);
      services.drop();
    }
  } else {
    say('left out: two instances behind Caddy (TEST_DATABASE_URL is not set)');
  }
  say('all is well');
} finally {
  box.killAll();
  rmSync(work, { recursive: true, force: true });
}
