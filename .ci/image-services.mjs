// The services of compose.yaml for image-probe.mjs: PostgreSQL and Valkey of this machine, with the
// secrets, the role and the configuration that compose.yaml makes on its first run.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './image-tools.mjs';

/** Makes the secrets as the service `secrets` does: in the image, as root without capabilities. */
async function makeSecrets(box, compose, work) {
  const made = join(work, 'made');
  const mounts = {};
  for (const volume of compose.services.secrets.volumes) {
    const place = volume.split(':')[1];
    mounts[place] = join(made, place.replace(/^\/made\//, ''));
  }
  for (const folder of Object.values(mounts)) mkdirSync(folder, { recursive: true });
  const { command, user } = compose.services.secrets;
  assert.equal(user, '0:0');
  const make = () => box.run(command, { mounts, uid: 0 });
  const read = () => readFileSync(join(made, 'app/secret'), 'utf8');
  const first = await make();
  assert.match(first.stdout, /were made/, first.stderr);
  const before = read();
  assert.match((await make()).stdout, /are there/);
  assert.equal(read(), before);
  // Each service finds the files that its settings name.
  const { environment } = compose.services['app-1'];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.endsWith('_FILE')) continue;
    const file = value.replace(/^\/secrets\//, '');
    assert.ok(readdirSync(join(made, 'app')).includes(file), `${name} names a file that is made`);
  }
  return made;
}

/**
 * @param database URL of a server where databases may be made
 * @param redis program that behaves as valkey-server
 */
export async function prepareServices({ box, compose, work, database, redis }) {
  const made = await makeSecrets(box, compose, work);
  const { username, hostname, port } = new URL(database);
  const psql = (...args) => execFileSync('psql', ['--no-psqlrc', '--quiet', ...args]);
  const sql = (url, ...texts) => psql(url, ...texts.flatMap((text) => ['-c', text]));
  const databases = [];
  const hrefOf = (base, name) => Object.assign(new URL(base), { pathname: `/${name}` }).href;

  /** The secrets of an instance whose database is `name`, at this machine's addresses. */
  function secretsFor(name, redisPort) {
    const folder = join(work, `secrets-${name}`);
    cpSync(join(made, 'app'), folder, { recursive: true });
    const place = (file, change) => {
      const url = Object.assign(new URL(readFileSync(join(folder, file), 'utf8')), change);
      rmSync(join(folder, file)); // it is read-only
      writeFileSync(join(folder, file), url.href, { mode: 0o444 });
    };
    place('database-url', { hostname, port, pathname: `/${name}` });
    place('redis-url', { hostname: '127.0.0.1', port: String(redisPort) });
    return folder;
  }

  const redisPort = await freePort();
  // The generated configuration, on a port of its own.
  const options = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', work];
  box.add(spawn(redis, [join(made, 'redis/redis.conf'), ...options], { stdio: 'ignore' }));

  const first = `teambrain_image_${process.pid}`;
  sql(database, `create database ${first}`);
  databases.push(first);
  execFileSync('sh', ['deploy/postgres-init.sh'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PGHOST: hostname,
      PGPORT: port,
      POSTGRES_USER: decodeURIComponent(username),
      POSTGRES_DB: first,
      SECRETS: join(made, 'postgres'),
    },
  });
  return {
    secrets: secretsFor(first, redisPort),
    /** Another empty database of the same role; gives the secrets that lead there. */
    addDatabase() {
      const name = `${first}_${databases.length}`;
      sql(database, `create database ${name} owner teambrain`);
      databases.push(name);
      sql(hrefOf(database, name), 'create extension vector', 'create extension pg_trgm');
      return secretsFor(name, redisPort);
    },
    drop() {
      for (const name of databases) sql(database, `drop database ${name} with (force)`);
      sql(database, 'drop role teambrain');
    },
  };
}
