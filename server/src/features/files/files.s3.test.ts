import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { bearer, fetchFile, phonePicture, upload } from '../../testing/files/uploads.ts';
import { useObjectStore } from '../../testing/files/s3.ts';
import { codeOf, register } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

const newBucket = useObjectStore();

/** A team whose files are in a bucket. */
async function useTeam() {
  const bucket = newBucket();
  const dataDir = mkdtempSync(join(tmpdir(), 'teambrain-s3-data-'));
  const app = await useTestApp({ config: { s3: bucket, dataDir } });
  const ana = await register(app.url, 'Ana');
  const ben = await register(app.url, 'Ben');
  const space = await createSpace(ana, [ben]);
  return {
    app,
    ana,
    ben,
    space,
    bucket,
    post: (files: string[]) =>
      ana.call(chat.postMessage, { params: { spaceId: space }, body: { files } }),
    sweep: async () => {
      for (const one of app.sweeps) await one();
    },
    /** Objects of the bucket; and what is left of uploads here. */
    stored: () => readdirSync(bucket.folder).filter((name) => name.endsWith('_object')).length,
    incoming: () => readdirSync(join(dataDir, 'files', 'incoming')),
  };
}

it('files in a bucket are uploaded, read whole and in parts, and gone with their message', async () => {
  const { app, ana, ben, space, post, sweep, stored, incoming } = await useTeam();
  const bytes = randomBytes(900_000);
  const plan = await upload(ana, space, 'plan.bin', bytes);
  const photo = await upload(ana, space, 'photo.jpg', await phonePicture(1200, 900));
  const message = await post([plan.id, photo.id]);
  expect([stored(), incoming()]).toEqual([3, []]);
  const whole = await fetchFile(app.url, plan.id, bearer(ben));
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await fetchFile(app.url, plan.id, { ...bearer(ben), range: 'bytes=10-19' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/900000']);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20));
  const small = await fetchFile(app.url, `${photo.id}?size=small`, bearer(ben));
  expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  await small.arrayBuffer();

  const params = { spaceId: space, messageId: message.id };
  await ana.call(chat.deleteMessage, { params });
  await sweep();
  expect(stored()).toBe(0);
  expect((await fetchFile(app.url, plan.id, bearer(ben))).status).toBe(404);
});

it('an upload to a bucket that nobody names goes after a day', async () => {
  const { app, ana, space, sweep, stored } = await useTeam();
  await upload(ana, space, 'forgotten.txt', 'words');
  await sweep();
  expect(stored()).toBe(1);
  await app.database.db.execute(sql`update files set created_at = now() - interval '25 hours'`);
  await sweep();
  expect(stored()).toBe(0);
});

it('while the bucket is away uploads and reads fail cleanly, and what was to go goes afterwards', async () => {
  const { app, ana, space, bucket, post, sweep, stored } = await useTeam();
  const kept = await upload(ana, space, 'kept.txt', 'kept');
  const gone = await upload(ana, space, 'gone.txt', 'gone');
  await post([kept.id]);
  const message = await post([gone.id]);
  await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: message.id } });
  const away = `${bucket.folder}-away`;
  renameSync(bucket.folder, away);
  expect(await codeOf(upload(ana, space, 'new.txt', 'new'))).toBe('internal');
  expect((await fetchFile(app.url, kept.id, bearer(ana))).status).toBe(500);
  await expect(sweep()).rejects.toThrow('NoSuchBucket');
  renameSync(away, bucket.folder);
  await app.database.db.execute(
    sql`update blobs set released_at = now() where released_at is not null`,
  );
  await sweep();
  expect(stored()).toBe(1);
  expect(await (await fetchFile(app.url, kept.id, bearer(ana))).text()).toBe('kept');
  expect(app.logged()).not.toMatch(/Signature=|Credential=/);
});
