import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { uploadFile } from '@teambrain/contract/files.ts';
import type { BackupReport } from '../../src/cli/backup.ts';
import type { DoctorReport } from '../../src/cli/doctor.ts';
import type { RestoreReport } from '../../src/cli/restore.ts';
import { newInstallation, reportOf, runCli, type Environment } from '../../src/testing/cli.ts';
import { fetchFile } from '../../src/testing/files/uploads.ts';
import { environmentOf, useObjectStore } from '../../src/testing/files/s3.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { startServer } from '../../src/testing/server-process.ts';
import { settle, signIn } from './backup.world.ts';

const newBucket = useObjectStore();
const bytes = randomBytes(700_000);

/** A TeamBrain that was stopped, with one file in a message. */
async function withFile(env: Environment) {
  const server = startServer(env);
  await server.ready();
  const { first, spaceId } = await settle(server, 1);
  const params = { spaceId };
  const { id } = await first.call(uploadFile, { params, file: { name: 'plan.bin', bytes } });
  await first.call(chat.postMessage, { params, body: { files: [id] } });
  return { server, id, first, params };
}

async function fileIn(env: Environment, id: string): Promise<Buffer> {
  const server = startServer(env);
  await server.ready();
  const { token } = await signIn(server, 'login', 1);
  const answer = await fetchFile(server.url, id, { authorization: `Bearer ${token}` });
  server.kill('SIGTERM');
  await server.ended();
  return Buffer.from(await answer.arrayBuffer());
}

const namesOf = ({ findings }: { findings: { name: string }[] }) => findings.map((f) => f.name);

it(
  'files in a bucket stay there: the backup lists them, the restore says what is missing',
  { timeout: 300_000 },
  async () => {
    const bucket = newBucket();
    const env = { ...(await newInstallation()), ...environmentOf(bucket) };
    const { server, id } = await withFile(env);
    const path = join(folderOf({}), 'team.tar');
    const report = await reportOf<BackupReport>(['backup', path], env);
    const place = `bucket ${bucket.bucket} at ${bucket.endpoint}`;
    expect(report).toMatchObject({ files: [], findings: [], bucket: { place, bytes: 700_000 } });
    server.kill('SIGTERM');
    await server.ended();
    expect(server.output).not.toContain(env.S3_SECRET_KEY);

    const elsewhere = { ...(await newInstallation()), ...environmentOf(bucket) };
    const restored = await reportOf<RestoreReport>(['restore', path], elsewhere);
    expect(restored.findings).toEqual([]);
    expect((await fileIn(elsewhere, id)).equals(bytes)).toBe(true);

    for (const name of readdirSync(bucket.folder)) {
      rmSync(join(bucket.folder, name), { recursive: true });
    }
    const without = { ...(await newInstallation()), ...environmentOf(bucket) };
    const { code, stdout } = await runCli(['restore', path], without);
    expect([code, stdout]).toEqual([0, expect.stringContaining('FAULT file-missing')]);
    expect(stdout).toMatch(new RegExp(`file ${id} of message`));
    expect(stdout).toContain(place);
    expect(stdout).not.toContain('plan.bin');
    const { code: faults, stdout: said } = await runCli(['doctor', '--json'], without);
    expect([faults, namesOf(JSON.parse(said) as DoctorReport)]).toEqual([4, ['file-missing']]);
  },
);

it('a backup of a folder goes into a bucket', { timeout: 300_000 }, async () => {
  const env = await newInstallation();
  const { server, id } = await withFile(env);
  const path = join(folderOf({}), 'team.tar');
  await reportOf(['backup', path], env);
  server.kill('SIGTERM');
  await server.ended();

  const elsewhere = { ...(await newInstallation()), ...environmentOf(newBucket()) };
  expect((await reportOf<RestoreReport>(['restore', path], elsewhere)).findings).toEqual([]);
  expect((await fileIn(elsewhere, id)).equals(bytes)).toBe(true);
  expect((await reportOf<DoctorReport>(['doctor'], elsewhere)).findings).toEqual([]);
});

it('a start without its bucket ends with a sentence', { timeout: 120_000 }, async () => {
  const bucket = newBucket();
  const env = { ...(await newInstallation()), ...environmentOf(bucket) };
  const server = startServer({ ...env, S3_BUCKET: 'nowhere' });
  expect(await server.ended()).toBe(1);
  expect(server.output).toContain(
    `There is no bucket nowhere at ${bucket.endpoint}. Make it, or set S3_BUCKET to another.`,
  );
  const refused = startServer({ ...env, S3_SECRET_KEY: 'not-this-one' });
  expect(await refused.ended()).toBe(1);
  expect(refused.output).toContain('refuses the key: check S3_ACCESS_KEY and S3_SECRET_KEY');
  expect(refused.output).not.toContain('not-this-one');
});
