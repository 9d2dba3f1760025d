import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { S3Settings } from '../../platform/ports/files/files.ts';

const program = fileURLToPath(new URL('s3.worker.ts', import.meta.url));

/** A bucket for one test, and the folder where the store keeps it. */
export interface TestBucket extends S3Settings {
  folder: string;
}

/** An object store on this machine for the tests of a file; gives an empty bucket each time. */
export function useObjectStore(): () => TestBucket {
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-s3-'));
  const options = ['--openssl-legacy-provider', '--import', 'tsx', program, folder];
  let endpoint = '';
  let end: () => void;
  beforeAll(async () => {
    const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    end = () => void child.kill('SIGKILL');
    [endpoint = ''] = (await once(createInterface(child.stdout), 'line')) as string[];
  });
  afterAll(() => {
    end();
    rmSync(folder, { recursive: true, force: true });
  });
  let count = 0;
  return () => {
    const bucket = `files-${(count += 1)}`;
    mkdirSync(join(folder, bucket));
    const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER' };
    const region = 'eu-central-1';
    return { bucket, endpoint, region, style: 'path', ...keys, folder: join(folder, bucket) };
  };
}

/** The same as environment of a process. */
export const environmentOf = (settings: S3Settings) => ({
  S3_BUCKET: settings.bucket,
  S3_ENDPOINT: settings.endpoint,
  S3_REGION: settings.region,
  S3_ACCESS_KEY: settings.accessKey,
  S3_SECRET_KEY: settings.secretKey,
});
