import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Query } from './final.ts';
import type { FileRead, FinalFiles } from './history.ts';
import { pause, type World } from './clients/world.ts';

const GONE_MS = 60_000;

/** Reads each file that was posted once more, by who posted it, where they are still in the space. */
export async function readFiles({ recorder, clients, cluster }: World): Promise<FileRead[]> {
  const read: FileRead[] = [];
  for (const { file, outcome, client, space, n } of recorder.ops) {
    const reader = clients[client];
    const isMember = reader?.views.get(space)?.isMember === true && !reader.isAway;
    const instance = cluster.instances[n % cluster.instances.length];
    if (!file || outcome !== 'ok' || !isMember || !instance) continue;
    const answer = await reader.readFile(instance.url, file.id);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    read.push({ id: file.id, status: answer.status, sha256 });
  }
  return read;
}

/** Waits until what was deleted is gone from the store, a minute from now at most; then looks. */
export async function lookAtStore(
  query: Query,
  dataDir: string,
): Promise<Omit<FinalFiles, 'read'>> {
  const until = performance.now() + GONE_MS;
  const countLeft = async () => {
    const [row] = await query('select count(*)::int as n from blobs where released_at is not null');
    return Number(row?.['n'] ?? -1);
  };
  let left = await countLeft();
  while (left > 0 && performance.now() < until) {
    await pause(500);
    left = await countLeft();
  }
  const keys = new Set((await query('select key from blobs')).map((row) => String(row['key'])));
  const folder = join(dataDir, 'files');
  const entries = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
    : [];
  const there = entries.filter((one) => one.isFile() && !one.parentPath.endsWith('incoming'));
  return { left, strays: there.filter(({ name }) => !keys.has(name)).length };
}
