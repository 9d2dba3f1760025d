import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderOf } from '../../../testing/folders.ts';
import { useObjectStore } from '../../../testing/files/s3.ts';
import { newId } from '../../core/id.ts';
import { openS3Files } from './files.s3.ts';
import { contentOf, incomingFile, testFiles } from './files.suite.ts';
import type { S3Settings } from './files.ts';

const incoming = () => join(folderOf({}), 'incoming');
const open = (settings: S3Settings) => openS3Files(settings, incoming());

const newBucket = useObjectStore();

testFiles(async () => {
  const bucket = newBucket();
  return [await open(bucket), await open(bucket)];
});

test('lists more than a page of keys, and nothing that is not its own', async () => {
  const bucket = newBucket();
  const keys = Array.from({ length: 1_100 }, newId);
  const { folder } = bucket;
  for (const key of [...keys, 'notes.txt']) {
    writeFileSync(join(folder, `${key}._S3rver_object`), 'x');
    writeFileSync(join(folder, `${key}._S3rver_metadata.json`), '{}');
    writeFileSync(join(folder, `${key}._S3rver_object.md5`), 'd41d8cd98f00b204e9800998ecf8427e');
  }
  const found: string[] = [];
  for await (const { key } of (await open(bucket)).list()) found.push(key);
  expect(found.sort()).toEqual(keys.sort());
});

test('a start says what is wrong: the bucket, the key, the address', async () => {
  const bucket = newBucket();
  const refusal = async (changes: Partial<S3Settings>): Promise<string> => {
    const files = await open({ ...bucket, ...changes });
    const error = await files.ready().then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    expect(error?.name).toBe('RefusedStartError');
    return error?.message ?? '';
  };
  const place = `bucket ${bucket.bucket} at ${bucket.endpoint}`;
  expect(await refusal({ bucket: 'nowhere' })).toBe(
    `There is no bucket nowhere at ${bucket.endpoint}. Make it, or set S3_BUCKET to another.`,
  );
  expect(await refusal({ secretKey: 'another-key' })).toBe(
    `The ${place} refuses the key: check S3_ACCESS_KEY and S3_SECRET_KEY, and that it may list the bucket.`,
  );
  const endpoint = await closedPort();
  expect(await refusal({ endpoint })).toBe(
    `The bucket ${bucket.bucket} at ${endpoint} cannot be used. The object store gave no answer to HEAD: ECONNREFUSED. Check S3_ENDPOINT.`,
  );
});

/** Where nothing listens any more. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A store that answers as it is told. */
async function useStore(answer: RequestListener): Promise<S3Settings> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKey: 'AKIA-of-a-test', secretKey: 'secret-of-a-test' };
  return { bucket: 'files', endpoint, region: 'eu', style: 'path', ...keys };
}

test('what fails for a moment is tried again, with the whole file', async () => {
  const bodies: string[] = [];
  const settings = await useStore((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(bodies.length < 3 ? 503 : 200).end();
    });
  });
  const files = await open(settings);
  const file = incomingFile(files, Buffer.from('whole'));
  await files.put(newId(), file);
  expect(bodies).toEqual(['whole', 'whole', 'whole']);
  expect(existsSync(file.path)).toBe(false);
});

test('a store that stays away is busy, keeps the local file, and tells no secret', async () => {
  const settings = await useStore((request, response) => {
    response.writeHead(503, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>SlowDown</Code><AWSAccessKeyId>AKIA-of-a-test</AWSAccessKeyId>
      <StringToSign>${request.headers.authorization}</StringToSign></Error>`);
  });
  const files = await open(settings);
  const file = incomingFile(files, Buffer.from('whole'));
  const errors = await Promise.all(
    [files.put(newId(), file), files.read(newId())].map((work) =>
      work.then(
        () => null,
        (error: unknown) => error as Error,
      ),
    ),
  );
  for (const error of errors) {
    expect(error).toMatchObject({ code: 'busy', details: { retryAfter: 5 } });
    const told = [error, error?.cause].map((e) => `${String(e)} ${JSON.stringify(e)}`).join();
    expect(told).toContain('SlowDown');
    expect(told).not.toMatch(/AKIA|secret-of|Signature|Credential/);
  }
  expect(existsSync(file.path)).toBe(true);
});

test('a store that says nothing is given up in the time of an answer', async () => {
  const settings = await useStore(() => undefined);
  const began = Date.now();
  await expect((await open(settings)).read(newId())).rejects.toMatchObject({ code: 'busy' });
  expect(Date.now() - began).toBeLessThan(4_400 + 800);
});

test('another part than was asked for is an error', async () => {
  const settings = await useStore((_, response) => void response.writeHead(200).end('whole'));
  const files = await open(settings);
  await expect(files.read(newId(), { start: 1, end: 2 })).rejects.toThrow(/another part/);
});

test('bytes that are cut off are an error, not the end', async () => {
  const settings = await useStore((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half of it');
    setTimeout(() => response.destroy(), 50);
  });
  await expect(contentOf(await open(settings), newId())).rejects.toThrow(/gave no answer to GET/);
});

test('a store that sends elsewhere is not followed', async () => {
  let asked = 0;
  const settings = await useStore((request, response) => {
    asked += 1;
    response.writeHead(307, { location: `http://${request.headers.host}/files/other` }).end();
  });
  await expect((await open(settings)).ready()).rejects.toThrow(/check S3_REGION/);
  expect(asked).toBe(1);
});
