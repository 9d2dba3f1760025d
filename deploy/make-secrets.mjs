// Makes the secrets of compose.yaml on its first run: `node make-secrets.mjs FOLDER`. Each service
// gets a folder of its own, so that none reads another's. What is there already is kept; a part of
// what is there stops the start, because new passwords would not fit an old database.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = process.argv[2];
if (!folder) throw new Error('usage: make-secrets.mjs FOLDER');

const random = () => randomBytes(32).toString('base64url');
const [postgres, owner, redis] = [random(), random(), random()];
const files = {
  'postgres/password': postgres,
  'postgres/owner-password': owner,
  // Nothing in it may be missed after a loss, so nothing is written to disk. The user of the app
  // may not read or change the configuration, nor list or drop all keys.
  'redis/redis.conf': [
    'save ""',
    'appendonly no',
    'maxmemory 256mb',
    'maxmemory-policy allkeys-lru',
    `user default on >${redis} ~* &* +@all -@admin -@dangerous +info`,
    '',
  ].join('\n'),
  'app/secret': randomBytes(48).toString('base64'),
  'app/metrics-token': randomBytes(48).toString('base64url'),
  'app/database-url': `postgres://teambrain:${owner}@postgres:5432/teambrain`,
  'app/redis-url': `redis://default:${redis}@redis:6379`,
};

const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
const missing = Object.keys(files).filter((name) => !there.includes(name));
if (there.length > 0 && missing.length > 0) {
  console.error(
    `Some secrets are there and others not (${missing.join(', ')}). Restore their volumes together ` +
      'with the database’s, or remove all of them to begin anew.',
  );
  process.exit(1);
}
for (const name of missing) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  // Renamed when whole. Readable for any user in the one container that mounts it.
  writeFileSync(`${path}.new`, files[name], { mode: 0o444 });
  renameSync(`${path}.new`, path);
}
console.log(missing.length > 0 ? 'The secrets were made.' : 'The secrets are there.');
