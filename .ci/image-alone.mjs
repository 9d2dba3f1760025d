// One container on the embedded database: what image-probe.mjs tries of it.
import assert from 'node:assert/strict';
import { copyFileSync, chownSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { account, call, freePort, signIn, until } from './image-tools.mjs';

const say = (text) => console.log(`probe: alone: ${text}`);
const TEXT = 'The spare key hangs behind the boiler.';

/** @param commands of the guide, by name @returns the data folder of a TeamBrain that was used */
export async function tryAlone({ box, config, commands }) {
  const port = await freePort();
  const data = box.volume('alone');
  const options = { mounts: { '/data': data }, env: { PORT: port } };
  const began = Date.now();
  const server = box.start(options);
  const url = `http://127.0.0.1:${port}`;
  const isHealthy = async () =>
    (await box.run(config.Healthcheck.Test.slice(1), options)).code === 0;
  await until('alive', async () => (await call(url, '/livez')).status === 200);
  await until('healthy', isHealthy);
  say(`healthy after ${((Date.now() - began) / 1_000).toFixed(1)} s`);

  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  assert.match(status, /^Uid:\s+1000\s+1000/m);
  assert.match(status, /^Cap(?:Prm|Eff|Bnd):\s+0+$/m);
  const touched = await box.run(['touch', '/app/x'], options);
  assert.match(touched.stderr, /Read-only file system/);
  const page = await call(url, '/');
  assert.equal(page.status, 200);
  assert.match(page.body, /<div id="root"/);
  const { body: me } = await call(url, '/api/auth/register', { body: account(0) });
  const token = me.accessToken;
  const body = { name: 'Image', visibility: 'public' };
  const { body: space } = await call(url, '/api/spaces', { token, body });
  await call(url, `/api/spaces/${space.id}/messages`, { token, body: { text: TEXT } });
  await until('found by meaning', async () => {
    const found = await call(url, '/api/search?q=where+is+the+spare+key', { token });
    return found.body.items?.some(({ snippet }) => snippet.includes('boiler'));
  });
  const backup = await box.exec(server, commands.backup.command);
  assert.equal(backup.code, 0, backup.stderr);
  const stopped = Date.now();
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.output);
  const stopMs = Date.now() - stopped;
  assert.ok(stopMs < 15_000);
  assert.ok(!(await isHealthy()), 'the health check tells that it is gone');
  say(`serves, searches, writes nowhere else, stops in ${stopMs} ms`);

  await restoreElsewhere({ box, commands, data, spaceId: space.id });
  const refused = box.start({
    ...options,
    env: { PORT: port, DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
  });
  assert.equal(await refused.ended, 1);
  assert.match(refused.output, /SECRET is required/);
  say('refuses to start without a secret beside a database of its own');
  return data;
}

/** The backup, taken while it ran, in a container where nothing was. */
async function restoreElsewhere({ box, commands, data, spaceId }) {
  const file = commands.backup.command.at(-1).replace('/data/', '');
  const second = box.volume('second');
  copyFileSync(join(data, file), join(second, file));
  chownSync(join(second, file), 1000, 1000);
  assert.equal(statSync(join(data, file)).mode & 0o777, 0o600);
  const port = await freePort();
  const options = { mounts: { '/data': second }, env: { PORT: port } };
  for (const name of ['restore', 'doctor']) {
    const ended = await box.run(commands[name].command, options);
    assert.equal(ended.code, 0, ended.stderr);
    if (name === 'doctor') assert.match(ended.stdout, /All is well/);
  }
  const server = box.start(options);
  const url = `http://127.0.0.1:${port}`;
  await until('ready', async () => (await call(url, '/readyz')).status === 200);
  const { body: me } = await signIn(url, 0);
  const list = await call(url, `/api/spaces/${spaceId}/messages`, { token: me.accessToken });
  assert.deepEqual(
    list.body.items.map(({ text }) => text),
    [TEXT],
  );
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.output);
  say('a backup taken while it ran is restored elsewhere; doctor finds nothing');
}
