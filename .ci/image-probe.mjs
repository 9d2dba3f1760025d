// Tries the image that `.ci/image build` made, as compose.yaml runs it: ordinary user, root file
// system read-only, secrets from files. Usage: image-probe.mjs ROOT INSPECTED (from `.ci/image`).
// With TEST_DATABASE_URL also two instances behind Caddy, one of which is stopped
// under writes.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { call, freePort, pause, until } from './image-tools.mjs';

const [root, inspected] = process.argv.slice(2);
const { config } = JSON.parse(readFileSync(inspected, 'utf8')).Docker;
const compose = parse(readFileSync('compose.yaml', 'utf8'), { merge: true });
const work = mkdtempSync(join(tmpdir(), 'teambrain-image-'));
const running = new Set();
const say = (text) => console.log(`probe: ${text}`);

/** Runs a command in the image as its user, with nothing writable but /data and /tmp. */
function inside(command, { data, secrets = null, env = {} }) {
  const mounts = [
    'mount --bind "$root" "$root"',
    'mount --bind "$data" "$root/data"',
    'mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"',
    'mount -t proc proc "$root/proc"',
    'mount --rbind /dev "$root/dev"',
    secrets ? 'mount --bind "$secrets" "$root/secrets"' : ':',
    'mount -o remount,bind,ro "$root"',
    'exec chroot --userspec="$user" "$root" env -i "$@"',
  ];
  const script = `set -e; root=$1 data=$2 secrets=$3 user=$4; shift 4; ${mounts.join('; ')}`;
  const user = config.User === 'node' ? '1000:1000' : config.User;
  const variables = [
    ...config.Env,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ];
  const shell = [
    'sh',
    '-c',
    `cd / && ${script}`,
    'sh',
    root,
    data,
    secrets ?? '',
    user,
    ...variables,
  ];
  // `env -C` stands for the image's WORKDIR.
  return ['unshare', ['--mount', ...shell, 'env', '-C', config.WorkingDir || '/', ...command]];
}

function start(options) {
  const child = spawn(...inside(config.Cmd, options), { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => (child.output += data));
  }
  child.ended = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return code ?? signal;
  });
  return child;
}

function tryInside(command, options) {
  try {
    const [program, args] = inside(command, options);
    return { code: 0, output: execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }) };
  } catch ({ status, stderr }) {
    return { code: status, output: String(stderr) };
  }
}

/** A folder in the place of a volume, owned by the image's user as /data is. */
function volume(name) {
  const path = join(work, name);
  mkdirSync(path);
  chownSync(path, 1000, 1000);
  return path;
}

const account = (n) => ({
  email: `probe.${n}@example.org`,
  name: `Probe ${n}`,
  password: 'long enough to be taken',
});

/** What the image says of itself. */
function checkConfig() {
  assert.equal(config.User, 'node');
  assert.deepEqual(config.Cmd.slice(0, 1), ['node']);
  assert.ok(config.Healthcheck?.Test?.[0] === 'CMD', 'there is a HEALTHCHECK');
  assert.deepEqual(
    config.Env.filter((one) => /SECRET|TOKEN|PASSWORD|_URL/.test(one)),
    [],
  );
  for (const gone of [
    'server/src',
    'server/test',
    'node_modules/typescript',
    'node_modules/vite',
    'web/src',
  ]) {
    assert.ok(!existsSync(join(root, 'app', gone)), `${gone} is not in the image`);
  }
  const { output } = tryInside(['node', '--version'], { data: volume('version') });
  say(`Node ${output.trim()}; user, command, health check and contents are as they should be`);
}

/** Alone, on the embedded database. */
async function tryAlone() {
  const port = await freePort();
  const options = { data: volume('alone'), env: { PORT: port } };
  const began = Date.now();
  const server = start(options);
  const url = `http://127.0.0.1:${port}`;
  const isHealthy = () => tryInside(config.Healthcheck.Test.slice(1), options).code === 0;
  await until('alive', async () => (await call(url, '/livez')).status === 200);
  await until('healthy', isHealthy);
  say(`alone: healthy after ${((Date.now() - began) / 1_000).toFixed(1)} s`);

  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  assert.match(status, /^Uid:\s+1000\s+1000/m);
  assert.match(tryInside(['touch', '/app/x'], options).output, /Read-only file system/);
  const page = await call(url, '/');
  assert.equal(page.status, 200);
  assert.match(page.body, /<div id="root"/);
  const { body: me } = await call(url, '/api/auth/register', { body: account(0) });
  const token = me.accessToken;
  const { body: space } = await call(url, '/api/spaces', {
    token,
    body: { name: 'Image', visibility: 'public' },
  });
  const text = 'The spare key hangs behind the boiler.';
  await call(url, `/api/spaces/${space.id}/messages`, { token, body: { text } });
  await until('found by meaning', async () => {
    const { body } = await call(url, '/api/search?q=where+is+the+spare+key', { token });
    return body.items?.some(({ snippet }) => snippet.includes('boiler'));
  });
  const stopped = Date.now();
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.output);
  assert.ok(Date.now() - stopped < 15_000);
  assert.ok(!isHealthy(), 'the health check tells that it is gone');
  say(`alone: serves, searches, writes nowhere else, stops in ${Date.now() - stopped} ms`);

  const refused = start({
    data: volume('refused'),
    env: { PORT: port, DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
  });
  assert.equal(await refused.ended, 1);
  assert.match(refused.output, /SECRET is required/);
  say('alone: refuses to start without a secret beside a database of its own');
}

/** The services of compose.yaml, on this machine's PostgreSQL and Valkey. */
async function prepareServices(database, redis) {
  const made = join(work, 'made');
  mkdirSync(made);
  const make = () =>
    execFileSync(process.execPath, ['deploy/make-secrets.mjs', made], { encoding: 'utf8' });
  assert.match(make(), /were made/);
  const before = readFileSync(join(made, 'app/secret'), 'utf8');
  assert.match(make(), /are there/);
  assert.equal(readFileSync(join(made, 'app/secret'), 'utf8'), before);

  const name = `teambrain_image_${process.pid}`;
  const { username, hostname, port } = new URL(database);
  const psql = (env) =>
    execFileSync('sh', ['deploy/postgres-init.sh'], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  execFileSync('psql', ['--no-psqlrc', database, '-c', `create database ${name}`]);
  const login = { PGHOST: hostname, PGPORT: port, POSTGRES_USER: decodeURIComponent(username) };
  psql({ ...login, POSTGRES_DB: name, SECRETS: join(made, 'postgres') });

  const secrets = join(made, 'app');
  const put = (file, value) =>
    execFileSync('sh', [
      '-c',
      'chmod u+w "$1"; printf %s "$2" > "$1"; chmod 444 "$1"',
      'sh',
      join(secrets, file),
      value,
    ]);
  const place = (file, address) => {
    const url = new URL(readFileSync(join(secrets, file), 'utf8'));
    [url.hostname, url.port] = [address.hostname, address.port];
    return url;
  };
  const own = place('database-url', new URL(database));
  own.pathname = `/${name}`;
  put('database-url', own.href);
  // The generated configuration, on a port of its own.
  const redisPort = await freePort();
  const valkey = spawn(
    redis,
    [
      join(made, 'redis/redis.conf'),
      '--port',
      String(redisPort),
      '--bind',
      '127.0.0.1',
      '--dir',
      work,
    ],
    { stdio: 'ignore' },
  );
  running.add(valkey);
  put('redis-url', place('redis-url', new URL(`redis://127.0.0.1:${redisPort}`)).href);
  return {
    secrets,
    drop() {
      valkey.kill('SIGKILL');
      running.delete(valkey);
      execFileSync('psql', [
        '--no-psqlrc',
        database,
        '-qc',
        `drop database ${name} with (force)`,
        '-c',
        'drop role teambrain',
      ]);
    },
  };
}

/** Two instances behind Caddy. */
async function tryTogether({ secrets }, caddy) {
  const settings = compose.services['app-1'].environment;
  const [edge, ...ports] = [await freePort(), await freePort(), await freePort()];
  const url = `http://localhost:${edge}`;
  // As in compose.yaml, but for where the balancer is.
  const env = {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        String(value).replace(/^\$\{\w+:-(.*)\}$/, '$1'),
      ]),
    ),
    BASE_URL: url,
    TRUSTED_PROXIES: '127.0.0.1/32',
  };
  const data = volume('together');
  const apps = ports.map((port) => start({ data, secrets, env: { ...env, PORT: port } }));
  const balancer = spawn(caddy, ['run', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: work,
      BASE_URL: url,
      UPSTREAMS: ports.map((port) => `127.0.0.1:${port}`).join(' '),
    },
  });
  running.add(balancer);
  for (const port of ports) {
    await until(
      'ready',
      async () => (await call(`http://127.0.0.1:${port}`, '/readyz')).status === 200,
    );
  }
  await until('balanced', async () => (await call(url, '/api/instance')).status === 200);
  const registered = await call(url, '/api/auth/register', { body: account(1) });
  assert.equal(registered.status, 201);
  const token = registered.body.accessToken;
  for (const path of ['/metrics', '/readyz', '/livez']) {
    assert.equal((await call(url, path)).status, 404, `${path} is not for everyone`);
  }
  const metricsToken = readFileSync(join(secrets, 'metrics-token'), 'utf8');
  const direct = `http://127.0.0.1:${ports[0]}`;
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
  say('together: serve behind the balancer, count addresses as one, keep operators’ pages inside');

  const { body: space } = await call(url, '/api/spaces', {
    token,
    body: { name: 'Two', visibility: 'public' },
  });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/realtime`, { origin: url });
  const seen = new Set();
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    if (frame.frame === 'welcome') {
      socket.send(JSON.stringify({ frame: 'subscribe', space: space.id, after: 0 }));
    }
    for (const event of frame.event ? [frame.event] : (frame.events ?? [])) {
      if (event.type === 'message.posted') seen.add(event.data.message.id);
    }
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ frame: 'hello', token, protocol: 1, spaces: [] }));
  let closedWith = null;
  socket.on('close', (code) => (closedWith = code));

  // One is stopped while messages are written through the balancer, one after the other.
  const written = [];
  const failures = [];
  const write = async () => {
    const { status, body } = await call(url, `/api/spaces/${space.id}/messages`, {
      token,
      body: { text: `number ${written.length}` },
    });
    if (status === 201) written.push(body.id);
    else failures.push(status);
    await pause(1_050); // below the limit of a person
  };
  await write();
  await until('delivered', () => seen.has(written[0]), 10);
  const began = Date.now();
  apps[0].kill('SIGTERM');
  let ended = null;
  void apps[0].ended.then((code) => (ended = [code, Date.now() - began]));
  while (ended === null || written.length < 12) await write();
  assert.deepEqual(failures, []);
  assert.deepEqual(ended[0], 0, apps[0].output);
  assert.ok(ended[1] < 15_000);
  const { body: list } = await call(url, `/api/spaces/${space.id}/messages`, { token });
  assert.deepEqual(
    written.filter((id) => !list.items.some((one) => one.id === id)),
    [],
  );
  assert.ok(closedWith === null || closedWith === 1012, `the socket was closed with ${closedWith}`);
  say(
    `together: ${written.length} writes while one of two stopped in ${ended[1]} ms, none failed or lost`,
  );
  socket.close();
  apps[1].kill('SIGTERM');
  assert.equal(await apps[1].ended, 0, apps[1].output);
  for (const app of apps) assert.doesNotMatch(app.output, /"level":(?:50|60)/, app.output);
  balancer.kill('SIGTERM');
}

try {
  checkConfig();
  await tryAlone();
  const { TEST_DATABASE_URL, CADDY, VALKEY } = process.env;
  if (TEST_DATABASE_URL && CADDY && VALKEY) {
    const services = await prepareServices(TEST_DATABASE_URL, VALKEY);
    try {
      await tryTogether(services, CADDY);
    } finally {
      for (const child of running) child.kill('SIGKILL');
      await pause(500);
      services.drop();
    }
  } else {
    say('left out: two instances behind Caddy (TEST_DATABASE_URL is not set)');
  }
  say('all is well');
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}
