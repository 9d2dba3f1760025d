// Two containers behind Caddy, as in compose.yaml: what image-probe.mjs tries of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { account, call, freePort, pause, signIn, until } from './image-tools.mjs';

const say = (text) => console.log(`probe: together: ${text}`);
const isReady = async (port) => (await call(`http://127.0.0.1:${port}`, '/readyz')).status === 200;

/** @param embedded data folder of a TeamBrain that was used and does not run */
export async function tryTogether({ box, compose, services, caddy, work, commands, embedded }) {
  const [edge, ...ports] = [await freePort(), await freePort(), await freePort()];
  const url = `http://localhost:${edge}`;
  // As in compose.yaml, but for where the balancer is.
  const settings = Object.entries(compose.services['app-1'].environment).map(([name, value]) => [
    name,
    String(value).replace(/^\$\{\w+:-(.*)\}$/, '$1'),
  ]);
  const env = { ...Object.fromEntries(settings), BASE_URL: url, TRUSTED_PROXIES: '127.0.0.1/32' };
  const data = box.volume('together');
  const within = (secrets) => ({ mounts: { '/data': data, '/secrets': secrets }, env });
  const { secrets } = services;
  const apps = ports.map((port) => {
    const options = within(secrets);
    return box.start({ ...options, env: { ...env, PORT: port } });
  });
  const UPSTREAMS = ports.map((port) => `127.0.0.1:${port}`).join(' ');
  const balancer = box.add(
    spawn(caddy, ['run', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile'], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: work, BASE_URL: url, UPSTREAMS },
    }),
  );
  for (const port of ports) await until('ready', () => isReady(port));
  await until('balanced', async () => (await call(url, '/api/instance')).status === 200);
  const registered = await call(url, '/api/auth/register', { body: account(1) });
  assert.equal(registered.status, 201);
  const token = registered.body.accessToken;
  await tryOperatorsPages({ url, direct: `http://127.0.0.1:${ports[0]}`, secrets });
  const { spaceId, written } = await stopOne({ url, token, app: apps[0] });

  const backup = await box.exec(apps[1], commands.backup.command);
  assert.equal(backup.code, 0, backup.stderr);
  apps[1].kill('SIGTERM');
  assert.equal(await apps[1].ended, 0, apps[1].output);
  for (const app of apps) assert.doesNotMatch(app.output, /"level":(?:50|60)/, app.output);
  balancer.kill('SIGTERM');

  const elsewhere = services.addDatabase();
  for (const name of ['restore', 'doctor']) {
    const ended = await box.run(commands[name].command, within(elsewhere));
    assert.equal(ended.code, 0, ended.stderr);
    if (name === 'doctor') assert.match(ended.stdout, /All is well/);
  }
  await expectMessages({ box, options: within(elsewhere), n: 1, spaceId, count: written.length });
  say('a backup taken while one ran is restored into another database; doctor finds nothing');

  await moveUp({ box, options: within(services.addDatabase()), embedded });
}

/** They are for operators inside; addresses are the balancer's word. */
async function tryOperatorsPages({ url, direct, secrets }) {
  for (const path of ['/metrics', '/readyz', '/livez']) {
    assert.equal((await call(url, path)).status, 404, `${path} is not for everyone`);
  }
  const metricsToken = readFileSync(join(secrets, 'metrics-token'), 'utf8');
  assert.equal((await call(direct, '/metrics')).status, 401);
  const page = await call(direct, '/metrics', { token: metricsToken });
  assert.match(page.body, /teambrain_build_info\{.*database="postgresql"\} 1/);

  // Registering is counted by address: what a client forges in front of the balancer is no address.
  const statuses = [];
  for (let n = 2; n < 8; n += 1) {
    const headers = { 'x-forwarded-for': `203.0.113.${n}` };
    statuses.push((await call(url, '/api/auth/register', { body: account(n), headers })).status);
  }
  assert.deepEqual(statuses, [201, 201, 201, 201, 429, 429]);
  say('serve behind the balancer, count addresses as one, keep operators’ pages inside');
}

/** One is stopped while messages are written through the balancer, one after the other. */
async function stopOne({ url, token, app }) {
  const body = { name: 'Two', visibility: 'public' };
  const { id: spaceId } = (await call(url, '/api/spaces', { token, body })).body;
  const path = `/api/spaces/${spaceId}/messages`;
  const { socket, seen, closedWith } = await follow({ url, token, spaceId });
  const written = [];
  const failures = [];
  const write = async () => {
    const text = `number ${written.length}`;
    const { status, body: message } = await call(url, path, { token, body: { text } });
    if (status === 201) written.push(message.id);
    else failures.push(status);
    await pause(1_050); // below the limit of a person
  };
  await write();
  await until('delivered', () => seen.has(written[0]), 10);
  const began = Date.now();
  app.kill('SIGTERM');
  let ended = null;
  void app.ended.then((code) => (ended = [code, Date.now() - began]));
  while (ended === null || written.length < 12) await write();
  assert.deepEqual(failures, []);
  assert.deepEqual(ended[0], 0, app.output);
  assert.ok(ended[1] < 15_000);
  const { body: list } = await call(url, path, { token });
  const lost = written.filter((id) => !list.items.some((one) => one.id === id));
  assert.deepEqual(lost, []);
  const code = closedWith();
  assert.ok(code === null || code === 1012, `the socket was closed with ${code}`);
  socket.close();
  const writes = `${written.length} writes while one of two stopped in ${ended[1]} ms`;
  say(`${writes}, none failed or lost`);
  return { spaceId, written };
}

/** A socket behind the balancer that notes the messages of a space. */
async function follow({ url, token, spaceId }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/realtime`, { origin: url });
  const seen = new Set();
  let closedWith = null;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    if (frame.frame === 'welcome') {
      socket.send(JSON.stringify({ frame: 'subscribe', space: spaceId, after: 0 }));
    }
    for (const event of frame.event ? [frame.event] : (frame.events ?? [])) {
      if (event.type === 'message.posted') seen.add(event.data.message.id);
    }
  });
  socket.on('close', (code) => (closedWith = code));
  await once(socket, 'open');
  socket.send(JSON.stringify({ frame: 'hello', token, protocol: 1, spaces: [] }));
  return { socket, seen, closedWith: () => closedWith };
}

/** A server with these options has so many messages in the space for account `n`. */
async function expectMessages({ box, options, n, spaceId, count }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = box.start({ ...options, env: { ...options.env, PORT: port, BASE_URL: url } });
  await until('ready', () => isReady(port));
  const { body: me } = await signIn(url, n);
  const token = me.accessToken;
  const { body: spaces } = await call(url, '/api/spaces', { token });
  const id = spaceId ?? spaces.items[0].id;
  const { body: list } = await call(url, `/api/spaces/${id}/messages`, { token });
  assert.equal(list.items.length, count);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.output);
}

/** The embedded TeamBrain of before moves to a database of its own. */
async function moveUp({ box, options, embedded }) {
  const moving = { ...options, mounts: { ...options.mounts, '/data': embedded } };
  for (const name of ['migrate-to-postgres', 'doctor']) {
    const ended = await box.run(['teambrain', name], moving);
    assert.equal(ended.code, 0, ended.stderr);
  }
  await expectMessages({ box, options: moving, n: 0, count: 1 });
  say('an embedded data folder moved to PostgreSQL; doctor finds nothing');
}
